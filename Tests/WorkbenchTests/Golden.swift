import Foundation
import TerminalUI
import Testing

/// Compares frames with committed files: the text, then one letter a cell for the style role.
///
/// `UPDATE_GOLDEN=1 swift test --filter WorkbenchTests` writes them anew; read the difference.
enum Golden {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")

  static func check(
    _ frame: Frame, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = "\(frame.grid.text)\n==== roles\n\(frame.grid.roles)\n"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      let file = folder.appendingPathComponent("\(name).txt")
      try Data(found.utf8).write(to: file)
      return
    }
    let file = try #require(
      Bundle.module.url(forResource: "Golden/\(name)", withExtension: "txt"),
      "no golden file \(name)", sourceLocation: sourceLocation)
    let expected = try String(contentsOf: file, encoding: .utf8)
    guard found != expected else { return }
    let pairs = zip(found.split(separator: "\n"), expected.split(separator: "\n"))
    let line = pairs.first { $0.0 != $0.1 }
    Issue.record(
      "\(name) differs. First line found:\n\(line?.0 ?? "")\nexpected:\n\(line?.1 ?? "")",
      sourceLocation: sourceLocation)
  }
}
