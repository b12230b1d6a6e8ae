/// One character position of the screen.
public struct Cell: Hashable, Sendable {
  /// A safe base character with its combining marks; empty in the right half of a wide one.
  public let text: String
  /// Columns: 1, 2, or 0 in the right half of a wide character.
  public let width: UInt8
  public var style: Style

  init(text: String, width: UInt8, style: Style) {
    self.text = text
    self.width = width
    self.style = style
  }

  /// An empty position.
  public static let blank = Cell(text: " ", width: 1, style: .text)
}
