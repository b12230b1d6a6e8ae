import Foundation
public import Store
import Training

/// A value of project.json by its place: `student.training.epochs=4`.
public struct SettingChange: Sendable, Equatable {
  /// The keys from the outermost on.
  public let path: [String]
  public let value: JSONValue

  /// Reads KEY.KEY=VALUE; a value that is no JSON is taken as text.
  ///
  /// - Throws: `EngineError.setting`.
  public init(_ text: String) throws(EngineError) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    let path = parts.first.map { $0.split(separator: ".").map(String.init) } ?? []
    guard parts.count == 2, !path.isEmpty else {
      throw .setting(name: "set", found: "\"\(text)\"", expected: "KEY.KEY=VALUE of project.json")
    }
    self.path = path
    value = JSONValue(value: parts[1]) ?? .text(parts[1])
  }

  var name: String { path.joined(separator: ".") }
}

extension ProjectSettings {
  /// The settings with other values.
  ///
  /// - Throws: `EngineError.setting` for a key that no project has, or a value that it cannot have.
  public func changed(by changes: [SettingChange]) throws -> ProjectSettings {
    guard !changes.isEmpty else { return self }
    var tree = try Self.tree(self)
    for change in changes { tree = Self.set(change.value, at: change.path[...], in: tree) }
    let settings: ProjectSettings
    do {
      settings = try JSONDecoder().decode(ProjectSettings.self, from: Data(tree.json().utf8))
    } catch {
      throw EngineError.setting(
        name: changes.map(\.name).joined(separator: ", "),
        found: changes.map(\.value.shown).joined(separator: ", "),
        expected: "values as project.json has them")
    }
    // A key that nobody reads is gone when the settings are written again.
    let written = try Self.tree(settings)
    for change in changes {
      guard Self.value(at: change.path[...], in: written) == change.value else {
        throw EngineError.setting(
          name: change.name, found: change.value.shown,
          expected: "a key of project.json, and a value of its kind")
      }
    }
    return settings
  }

  private static func tree(_ settings: ProjectSettings) throws -> JSONValue {
    let text = try JSONFile.text(of: settings, pretty: false)
    let document = try JSONDocument(parsing: Array(text.utf8))
    return JSONValue(document.root, of: document)
  }

  private static func set(
    _ value: JSONValue, at path: ArraySlice<String>, in tree: JSONValue
  ) -> JSONValue {
    guard let key = path.first else { return value }
    guard case .object(var members) = tree else {
      return .object([key: set(value, at: path.dropFirst(), in: .object([:]))])
    }
    members[key] = set(value, at: path.dropFirst(), in: members[key] ?? .object([:]))
    return .object(members)
  }

  private static func value(at path: ArraySlice<String>, in tree: JSONValue) -> JSONValue? {
    guard let key = path.first else { return tree }
    guard case .object(let members) = tree else { return nil }
    return members[key].flatMap { value(at: path.dropFirst(), in: $0) }
  }
}
