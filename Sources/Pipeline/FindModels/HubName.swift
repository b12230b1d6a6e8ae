public import Hub
import LanguageModels
import Store

/// OWNER/NAME or OWNER/NAME:FILE in the place of a path: a model of the hub's cache.
///
/// A path that exists always goes before.
public struct HubName: Sendable, Equatable {
  public let text: String
  private let repository: RepositoryName
  private let file: String?

  /// Nil for what exists as a path, and for what is no such name.
  public init?(_ text: String) {
    guard !Folder.exists(text), let parsed = try? RepositoryName.parse(text) else { return nil }
    self.text = text
    (repository, file) = parsed
  }

  /// The folder of the newest snapshot, or the GGUF file in it; nil where the cache has none.
  ///
  /// Of several snapshots that of `main` is the newest.
  public func place(in cache: HubCache = HubCache()) -> (path: String, commit: String)? {
    guard let commit = cache.snapshots(of: repository).first else { return nil }
    let folder = cache.snapshot(commit, of: repository)
    if let file {
      let path = folder + "/" + file
      if HubListing.isSafe(file), Folder.exists(path) { return (path, commit) }
      return gguf(in: folder) { $0.uppercased().contains(file.uppercased()) }
        .map { ($0, commit) }
    }
    if ModelFolder(folder).hasWeights || Folder.exists(folder + "/" + ModelFolder.tokenizerName) {
      return (folder, commit)
    }
    return (gguf(in: folder) { _ in true } ?? folder, commit)
  }

  /// The one GGUF model whose name is meant; of several parts the first.
  private func gguf(in folder: String, _ isMeant: (String) -> Bool) -> String? {
    let names = ((try? Folder.list(folder)) ?? []).filter {
      $0.lowercased().hasSuffix(".gguf") && isMeant($0) && (GGUFParts($0)?.number ?? 1) == 1
    }
    return names.count == 1 ? folder + "/" + names[0] : nil
  }
}
