/// What is wrong in a file of settings. What it is about has no effect; everything else has.
public struct Complaint: Hashable, Sendable, CustomStringConvertible {
  /// The file's path, or its name.
  public let file: String
  /// Counted from 1; nil = of no one line.
  public let line: Int?
  public let text: String

  public init(file: String, line: Int?, _ text: String) {
    self.file = file
    self.line = line
    self.text = text
  }

  public var description: String {
    "\(file):\(line.map { "\($0):" } ?? "") \(text)"
  }
}
