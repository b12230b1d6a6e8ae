public import Foundation
import Store

/// The cache of huggingface_hub: models--OWNER--NAME with blobs (by digest), refs (commits by branch)
/// and snapshots (folders of links into blobs, one a commit).
public struct HubCache: Sendable, Hashable {
  /// The folder `hub`.
  public let path: String

  static let prefix = "models--"

  /// Where the variables say: HF_HUB_CACHE, else the folder `hub` of HF_HOME.
  public init(_ variables: [String: String] = ProcessInfo.processInfo.environment) {
    let named = ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"].lazy.compactMap { variables[$0] }
      .first { !$0.isEmpty }
    path = named.map { Self.expanded($0, variables) } ?? Self.home(variables) + "/hub"
  }

  public init(path: String) { self.path = path }

  /// HF_HOME, else the folder `huggingface` of the caches.
  static func home(_ variables: [String: String]) -> String {
    if let home = variables["HF_HOME"], !home.isEmpty { return expanded(home, variables) }
    return caches(variables) + "/huggingface"
  }

  /// XDG_CACHE_HOME, else ~/.cache.
  public static func caches(_ variables: [String: String]) -> String {
    if let caches = variables["XDG_CACHE_HOME"], !caches.isEmpty {
      return expanded(caches, variables)
    }
    return expanded("~/.cache", variables)
  }

  /// With the home folder for `~`, and without a slash at the end.
  public static func expanded(_ text: String, _ variables: [String: String]) -> String {
    var path = text
    if path == "~" || path.hasPrefix("~/") {
      path = (variables["HOME"] ?? NSHomeDirectory()) + path.dropFirst()
    }
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// The folder of a model.
  public func folder(of repository: RepositoryName) -> String {
    path + "/" + Self.prefix + "\(repository.owner)--\(repository.name)"
  }

  func blob(_ name: String, of repository: RepositoryName) -> String {
    folder(of: repository) + "/blobs/" + name
  }

  public func snapshot(_ commit: String, of repository: RepositoryName) -> String {
    folder(of: repository) + "/snapshots/" + commit
  }

  /// What is locked while the model is written.
  public func lockFolder(of repository: RepositoryName) -> String {
    path + "/.locks/" + Self.prefix + "\(repository.owner)--\(repository.name)"
  }

  // MARK: - Reading

  /// Every model of which something is there.
  public func repositories() -> [RepositoryName] {
    ((try? Folder.list(path)) ?? []).compactMap { name in
      guard name.hasPrefix(Self.prefix) else { return nil }
      let text = name.dropFirst(Self.prefix.count)
      guard let border = text.range(of: "--") else { return nil }
      return RepositoryName("\(text[..<border.lowerBound])/\(text[border.upperBound...])")
    }
  }

  /// The commit that a branch or tag was at when it was fetched last.
  public func commit(of revision: String, _ repository: RepositoryName) -> String? {
    guard HubListing.isSafe(revision),
      let data = try? FileContents.read(folder(of: repository) + "/refs/" + revision)
    else { return nil }
    let text = String(decoding: data, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty || text.contains("/") || text == ".." ? nil : text
  }

  /// Commits of which a snapshot is there: that of `main` first.
  public func snapshots(of repository: RepositoryName) -> [String] {
    let found = ((try? Folder.list(folder(of: repository) + "/snapshots")) ?? [])
      .filter { !$0.hasPrefix(".") && Folder.isFolder(snapshot($0, of: repository)) }
    guard let main = commit(of: "main", repository), found.contains(main) else { return found }
    return [main] + found.filter { $0 != main }
  }

  // MARK: - Writing

  /// Makes the snapshot of a commit out of blobs that are there, all at once; where a part of it is
  /// there already, file by file in the given order. Then notes that `revision` is this commit.
  ///
  /// - Returns: the folder of the snapshot.
  func publish(
    _ files: [(name: String, blob: String)], of listing: HubListing
  ) throws(StoreError) -> String {
    let repository = listing.repository
    let target = snapshot(listing.commit, of: repository)
    let temporary = folder(of: repository) + "/.snapshot-\(listing.commit)"
    try Folder.remove(temporary)
    try Folder.make(Folder.parent(of: target))
    for file in files {
      let depth = file.name.split(separator: "/").count - 1
      let link = String(repeating: "../", count: depth + 2) + "blobs/" + file.blob
      let path = temporary + "/" + file.name
      try Folder.make(Folder.parent(of: path))
      if symlink(link, path) != 0 { throw .system(operation: "link", path: path) }
    }
    if Folder.isFolder(target) {
      for file in files {
        try Folder.make(Folder.parent(of: target + "/" + file.name))
        try Folder.publish(file: temporary + "/" + file.name, as: target + "/" + file.name)
      }
      try Folder.remove(temporary)
    } else {
      try Folder.publish(temporary, as: target)
    }
    if listing.revision != listing.commit {
      let reference = folder(of: repository) + "/refs/" + listing.revision
      try Folder.make(Folder.parent(of: reference))
      try AtomicFile.write(text: listing.commit, to: reference)
    }
    return target
  }
}
