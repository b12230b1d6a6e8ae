public import Foundation
import Hub
import Store

/// Looks for models where programs keep them: the hub's cache, LM Studio, llama.cpp, Ollama, and
/// folders. Names and links are looked at, no weights.
public struct ModelSearch: Sendable {
  private let variables: [String: String]
  private let folders: [String]
  private let shallow: [String]
  private let configuration: String

  /// - Parameters:
  ///   - folders: to look into as well, at any depth that models have.
  ///   - shallow: folders of which only they themselves and what lies in them is looked at.
  ///   - configuration: the name of the file that every model folder has.
  public init(
    folders: [String], besides shallow: [String] = [], configuration: String,
    _ variables: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.variables = variables
    self.folders = folders
    self.shallow = shallow
    self.configuration = configuration
  }

  /// Every model, in the order of the places; one that two places lead to once.
  public func run() -> (models: [FoundModel], places: [SearchedPlace]) {
    var (models, places): ([FoundModel], [SearchedPlace]) = ([], [])
    var seen: Set<String> = []
    func add(_ kind: String, _ path: String, _ found: () -> [FoundModel]) {
      guard seen.insert("\(kind) \(OutputPath.canonical(path))").inserted else { return }
      places.append(SearchedPlace(kind: kind, path: path, isThere: Folder.isFolder(path)))
      for model in found() where seen.insert(OutputPath.canonical(model.path)).inserted {
        models.append(model)
      }
    }
    for folder in folders {
      add("folder", folder) { tree("folder", root: folder).models() }
    }
    for folder in shallow {
      add("folder", folder) {
        FolderTree("folder", root: folder, configuration: configuration, depth: 1).models()
      }
    }
    let cache = HubCache(variables)
    add("hub cache", cache.path) { HubSearch(cache, configuration: configuration).models() }
    for folder in [home("~/.lmstudio/models"), home("~/.cache/lm-studio/models")] {
      add("LM Studio", folder) { tree("LM Studio", root: folder).models() }
    }
    let llama = value("LLAMA_CACHE") ?? HubCache.caches(variables) + "/llama.cpp"
    add("llama.cpp", llama) { LlamaSearch(llama, configuration: configuration).models() }
    let ollama =
      value("OLLAMA_MODELS").map { [$0] }
      ?? [home("~/.ollama/models"), "/usr/share/ollama/.ollama/models"]
    for folder in ollama { add("Ollama", folder) { OllamaSearch(folder).models() } }
    return (models, places)
  }

  private func tree(_ place: String, root: String) -> FolderTree {
    FolderTree(place, root: root, configuration: configuration)
  }

  private func value(_ name: String) -> String? {
    variables[name].flatMap { $0.isEmpty ? nil : HubCache.expanded($0, variables) }
  }

  private func home(_ path: String) -> String { HubCache.expanded(path, variables) }
}
