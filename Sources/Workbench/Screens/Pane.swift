/// A part of a screen that can have the focus. Each screen names its own; the raw value is also the
/// kind of its mouse targets.
public struct Pane: RawRepresentable, Hashable, Sendable {
  public let rawValue: String

  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  init(_ name: String) {
    rawValue = name
  }
}

/// What a pane scrolls through.
enum PaneContent: Hashable {
  /// Rows of which one is selected, and how many are visible.
  case rows(count: Int, visible: Int)
  /// Lines without a selection.
  case lines(count: Int, visible: Int)
}
