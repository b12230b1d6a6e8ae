import Hub
import Store

/// Models in the hub's cache: every snapshot, the newest of `main` under the model's own name.
struct HubSearch {
  private let cache: HubCache
  private let configuration: String
  private static let place = "hub cache"

  init(_ cache: HubCache, configuration: String) {
    self.cache = cache
    self.configuration = configuration
  }

  func models() -> [FoundModel] { cache.repositories().flatMap(models) }

  private func models(of repository: RepositoryName) -> [FoundModel] {
    let commits = cache.snapshots(of: repository)
    if commits.isEmpty {
      return [
        FoundModel(
          path: cache.folder(of: repository), name: "\(repository)", place: Self.place,
          missing: "incomplete: 'miniplm pull \(repository)' goes on")
      ]
    }
    let main = cache.commit(of: "main", repository)
    return commits.flatMap { commit in
      let isNamed = commit == main || commits.count == 1
      return models(
        in: cache.snapshot(commit, of: repository),
        name: isNamed ? "\(repository)" : "\(repository)@\(commit.prefix(8))", depth: 0)
    }
  }

  /// GGUF files may lie in folders of a snapshot.
  private func models(in folder: String, name: String, depth: Int) -> [FoundModel] {
    guard let names = try? Folder.list(folder) else { return [] }
    var found =
      depth == 0
      ? FolderTree.models(
        in: folder, names: names, name: name, place: Self.place, configuration: configuration)
      : FolderTree.ggufModels(
        in: folder, names: names.filter { $0.lowercased().hasSuffix(".gguf") },
        name: name, place: Self.place)
    if depth < 2 {
      for child in names where Folder.isFolder(folder + "/" + child) {
        found += models(in: folder + "/" + child, name: "\(name):\(child)", depth: depth + 1)
      }
    }
    return found
  }
}
