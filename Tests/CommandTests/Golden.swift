import Foundation
import Testing

/// Compares text with committed files.
///
/// `UPDATE_GOLDEN=1 swift test --filter CommandTests` writes them anew; read the difference.
enum Golden {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")

  static func check(
    _ found: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appendingPathComponent("\(name).txt")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(found.utf8).write(to: file)
      return
    }
    let resource = try #require(
      Bundle.module.url(forResource: "Golden/\(name)", withExtension: "txt"),
      "no golden file \(name)", sourceLocation: sourceLocation)
    let expected = try String(contentsOf: resource, encoding: .utf8)
    #expect(found == expected, "\(name) differs", sourceLocation: sourceLocation)
  }

  /// The shape of a JSON value: keys with the kinds of their values, so that a field that goes
  /// away, or changes its kind, is seen and a figure is not.
  static func shape(_ value: Any, indentation: String = "") -> String {
    switch value {
    case let object as [String: Any]:
      let inner = indentation + "  "
      let lines = object.sorted { $0.key < $1.key }.map {
        "\(inner)\($0.key): \(shape($0.value, indentation: inner))"
      }
      return lines.isEmpty ? "{}" : "{\n\(lines.joined(separator: "\n"))\n\(indentation)}"
    case let list as [Any]:
      var kinds: [String] = []
      for kind in list.map({ shape($0, indentation: indentation) }) where !kinds.contains(kind) {
        kinds.append(kind)
      }
      return "[\(kinds.joined(separator: " | "))]"
    case let number as NSNumber:
      return CFBoolean.isBoolean(number) ? "flag" : "number"
    case is String: return "text"
    default: return "null"
    }
  }
}

/// Foundation on Linux gives true and false as numbers of their own kind.
private enum CFBoolean {
  static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
