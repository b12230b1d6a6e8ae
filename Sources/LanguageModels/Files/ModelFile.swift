import Foundation
import Store

/// Reading the small files of a model folder, and saying what is wrong with any of its files. They
/// are a person's own: nothing here makes them again.
enum ModelFile {
  /// Larger configurations are none.
  private static let largest = 64 << 20

  /// The members of the object in a JSON file, as Python's `json` reads it.
  ///
  /// - Throws: `ModelError.unusable` for anything that is no such file.
  static func object(_ path: String) throws(ModelError) -> [String: JSONValue] {
    let bytes = try bytes(of: path)
    let value: JSONValue
    do throws(JSONDocument.Failure) {
      value = try JSONValue(python: bytes)
    } catch {
      throw broken(path, "\(error.reason) at byte \(error.offset)", expected: "a JSON object")
    }
    guard case .object(let members) = value else {
      throw broken(path, value.shown, expected: "a JSON object")
    }
    return members
  }

  private static func bytes(of path: String) throws(ModelError) -> [UInt8] {
    do throws(StoreError) {
      let file = try MappedFile(path: path)
      guard file.bytes.count <= largest else {
        throw StoreError.malformed(
          path: path, found: "\(file.bytes.count) bytes", expected: "a small JSON file")
      }
      return file.copy()
    } catch {
      throw about(error, path)
    }
  }

  /// What the store says of a file of a model, in words that help with it.
  static func about(_ error: StoreError, _ path: String) -> ModelError {
    switch error {
    case .malformed(_, let found, let expected): broken(path, found, expected: expected)
    case .notAFile: broken(path, "no regular file", expected: "a file")
    default: .file(error)
    }
  }

  private static func broken(_ path: String, _ found: String, expected: String) -> ModelError {
    let nature = FileNature(of: path)
    return .unusable(
      path: path, found: nature?.words ?? found, expected: expected,
      advice: nature?.advice ?? again(path))
  }

  private static func again(_ path: String) -> String {
    "Download or copy \(path) again, from where the model comes."
  }
}
