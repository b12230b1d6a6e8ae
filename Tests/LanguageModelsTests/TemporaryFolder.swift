import Foundation

/// A folder that goes with the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "language-models-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Copies a fixture here and gives the copy's path.
  func copy(_ fixture: Fixture) throws -> String {
    let copy = path + "/" + fixture.name
    try FileManager.default.copyItem(atPath: fixture.folder, toPath: copy)
    return copy
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }
}
