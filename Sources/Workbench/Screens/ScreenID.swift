public import EngineInterface

/// A screen of the workbench.
public struct ScreenID: Hashable, Sendable {
  /// What the screen is and does.
  let view: any Screen.Type

  init(_ view: any Screen.Type) {
    self.view = view
  }

  public static func == (left: ScreenID, right: ScreenID) -> Bool { left.view == right.view }

  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(view)) }
}

extension ScreenID: CaseIterable {
  /// The one list of screens, in the order of the work: a screen that is not in it does not exist.
  public static let allCases: [ScreenID] = [
    .corpus, .models, .score, .select, .chunk, .commit, .train, .compare, .evaluate,
  ]
}

extension ScreenID: CustomStringConvertible {
  public var title: String { view.title }
  public var description: String { title.lowercased() }
  /// The panes in the order of Tab; the first has the focus at the start.
  public var panes: [Pane] { view.panes }

  /// The place in the list, from 1: the digit that opens the screen.
  public var digit: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

  /// A screen by its digit.
  init?(digit: Int) {
    guard let screen = Self.allCases[safe: digit - 1] else { return nil }
    self = screen
  }

  /// A screen by its name, a name that it once had, or its digit.
  public init?(name: String) {
    let wanted = name.lowercased()
    let match = Self.allCases.first {
      "\($0)" == wanted || "\($0.digit)" == wanted || $0.view.formerNames.contains(wanted)
    }
    guard let match else { return nil }
    self = match
  }

  /// The screen on which a stage of the work is watched.
  public init(stage: Stage) {
    self = Self.allCases.first { $0.view.stages.contains(stage) } ?? .corpus
  }
}
