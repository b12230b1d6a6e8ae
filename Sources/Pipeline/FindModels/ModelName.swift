import LanguageModels
public import ModelPlaces
import Store

/// A name in the place of a path, as the list of models shows it: OWNER/NAME, NAME:TAG, the name of a
/// folder or of a file.
///
/// A path that exists always goes before, then the newest snapshot of the hub's cache.
public struct ModelName: Sendable {
  /// What a name means.
  public enum Meaning: Sendable, Equatable {
    /// No name, but a path that exists.
    case path
    case model(FoundModel)
    /// Several models of that name.
    case several([FoundModel])
    /// None; `similar` have it in their names.
    case none(similar: [FoundModel])
  }

  public let text: String
  private let models: [FoundModel]

  /// Looks for the models of this machine, if `text` is no path.
  public init(_ text: String) {
    self.init(text, among: Folder.exists(text) ? [] : Self.found())
  }

  init(_ text: String, among models: [FoundModel]) {
    self.text = text
    self.models = models
  }

  private static func found() -> [FoundModel] {
    ModelSearch(
      folders: FindModels.usualFolders(), besides: ["."],
      configuration: ModelFolder.configurationName
    ).run().models
  }

  public var meaning: Meaning {
    if text.isEmpty || Folder.exists(text) { return .path }
    // Ollama's latest has two names.
    let names = [text, text + ":latest"]
    let rules: [(FoundModel) -> Bool] = [
      { names.contains($0.name) },
      { model in names.contains { $0.lowercased() == model.name.lowercased() } },
      // The end of a longer name: without its owner.
      { model in names.contains { model.name.lowercased().hasSuffix("/" + $0.lowercased()) } },
    ]
    for rule in rules {
      let found = models.filter(rule)
      if let first = found.first { return found.count == 1 ? .model(first) : .several(found) }
    }
    let word = text.split(separator: "/").last.map { $0.lowercased() } ?? text.lowercased()
    return .none(similar: models.filter { $0.name.lowercased().contains(word) })
  }

  /// "NAME (Ollama): PATH", a line each, the first ten.
  public static func lines(_ models: [FoundModel]) -> [String] {
    models.prefix(10).map { "  \($0.name) (\($0.place)): \($0.path)" }
      + (models.count > 10 ? ["  and \(models.count - 10) more"] : [])
  }
}
