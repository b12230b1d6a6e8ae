public import DifferenceSampling
import Foundation
public import Store

/// A selection as a file holds it.
public enum SelectionFile {
  /// Reads what a person chose on the screen: a commit's `selection.json`, or a project's
  /// `recipe.jsonl`, whose last line is the selection in force.
  ///
  /// - Parameter mayBeStream: whether a pipe will do, whose writer is waited for.
  /// - Throws: `StoreError.malformed` for any other file.
  public static func read(
    _ path: String, mayBeStream: Bool = false
  ) throws(StoreError) -> SelectionSettings {
    let data = try mayBeStream ? FileContents.readStream(path) : FileContents.read(path)
    let decoder = JSONDecoder()
    if let settings = try? decoder.decode(SelectionSettings.self, from: data) { return settings }
    let lines = data.split(separator: UInt8(ascii: "\n"))
    if let last = lines.last, let change = try? decoder.decode(SelectionChange.self, from: last) {
      return change.settings
    }
    throw .malformed(
      path: path, found: lines.isEmpty ? "no line" : "something else",
      expected: "the selection.json of a commit or the recipe.jsonl of a project")
  }
}
