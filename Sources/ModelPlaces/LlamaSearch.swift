import Hub
import Store

/// Models that llama.cpp has fetched: OWNER_NAME_FILE.gguf in one folder, beside manifests whose names
/// have the owner and the name apart.
struct LlamaSearch {
  private let folder: String
  private let configuration: String

  init(_ folder: String, configuration: String) {
    self.folder = folder
    self.configuration = configuration
  }

  func models() -> [FoundModel] {
    let names = (try? Folder.list(folder)) ?? []
    let manifests = names.compactMap(Self.repository)
    return FolderTree.models(
      in: folder, names: names, name: "", place: "llama.cpp", configuration: configuration
    ).map { model in
      var model = model
      let file = model.path.split(separator: "/").last.map(String.init) ?? model.path
      model.name = file
      for (owner, name) in manifests where file.hasPrefix("\(owner)_\(name)_") {
        model.name = "\(owner)/\(name):\(file.dropFirst(owner.count + name.count + 2))"
      }
      return model
    }
  }

  /// Of "manifest=OWNER=NAME=TAG.json".
  private static func repository(_ name: String) -> (owner: String, name: String)? {
    let parts = name.split(separator: "=").map(String.init)
    guard parts.count == 4, parts[0] == "manifest", parts[3].hasSuffix(".json") else { return nil }
    return (parts[1], parts[2])
  }
}
