import EngineInterface
import LanguageModels
import Store

/// The models that a project evaluates on tasks: which there are, what each is called, and where its
/// results stand.
struct TaskModels {
  struct Model: Equatable {
    var path: String
    /// Short, for the head of a column.
    var name: String
    /// The folder of its results in `ProjectFolder.taskResults`.
    var folder: String
  }

  let folder: ProjectFolder
  let settings: ProjectSettings

  private var status: ProjectStatus { ProjectStatus(folder: folder, settings: settings) }

  /// Teacher, reference and the students of the newest commit, as far as they are there.
  var usual: [Model] { roles + (status.newestCommit.map { students($0, isNewest: true) } ?? []) }

  /// All that the project has made or was given, the students of older commits at the end.
  var own: [Model] {
    usual + status.commits.dropLast().reversed().flatMap { students($0, isNewest: false) }
  }

  /// Those of the table.
  var chosen: [Model] {
    guard let paths = settings.taskModels else { return usual }
    let own = own
    return paths.map(resolved).map { path in own.first { $0.path == path } ?? other(path) }
  }

  /// Models of the project are written down by their place in it, so that it may be moved.
  private func written(_ path: String) -> String {
    if path.hasPrefix(folder.path + "/") { return String(path.dropFirst(folder.path.count + 1)) }
    return path.hasPrefix("/") ? path : OutputPath.canonical(path)
  }

  private func resolved(_ path: String) -> String {
    path.hasPrefix("/") ? path : folder.path + "/" + path
  }

  /// The settings with a model put in or taken out.
  func settings(_ path: String, isChosen: Bool) -> ProjectSettings {
    var paths = chosen.map(\.path).filter { $0 != path }
    if isChosen { paths.append(path) }
    var changed = settings
    // The usual ones are not written down, so that the students of a later commit take their place.
    changed.taskModels = paths == usual.map(\.path) ? nil : paths.map(written)
    return changed
  }

  private var roles: [Model] {
    [("teacher", settings.teacher), ("reference", settings.reference)].compactMap {
      role, origin -> Model? in
      let path = folder.modelFolder(role, origin)
      guard ModelFolder(path).isPresent else { return nil }
      // A model from elsewhere may change its place in the project, so its results go by its path.
      if case .folder = origin { return Model(path: path, name: role, folder: Self.key(path)) }
      return Model(path: path, name: role, folder: role)
    }
  }

  private func students(_ commit: String, isNewest: Bool) -> [Model] {
    let places = CommitFolder(project: folder, name: commit)
    let number = commit.prefix { $0 != "-" }
    return [("A", places.modelA), ("B", places.modelB)].compactMap { side, path -> Model? in
      guard ModelFolder(path).isPresent else { return nil }
      return Model(
        path: path, name: isNewest ? "student \(side)" : "\(number) \(side)",
        folder: Self.lastPart(path))
    }
  }

  /// A model from elsewhere.
  private func other(_ path: String) -> Model {
    Model(path: path, name: Self.title(path), folder: Self.key(path))
  }

  /// "SmolLM2-135M" of a snapshot in a hub's cache, else the last part of the path.
  static func title(_ path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    if let index = parts.lastIndex(of: "snapshots"), index > 0,
      parts[index - 1].hasPrefix("models--"),
      let name = parts[index - 1].components(by: "--").last
    {
      return name
    }
    return parts.last ?? path
  }

  private static func lastPart(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// A folder's name that no other path has.
  private static func key(_ path: String) -> String {
    let real = OutputPath.canonical(path)
    let name = title(real).map { $0.isLetter || $0.isNumber || "-._".contains($0) ? $0 : "-" }
    let digest = (try? Digest.sha256(real.utf8))?.prefix(8) ?? ""
    return "\(String(name.prefix(80)))-\(digest)"
  }
}

extension String {
  /// The parts between a separator of two characters.
  fileprivate func components(by separator: String) -> [String] {
    var parts: [String] = [""]
    var rest = self[...]
    while let character = rest.first {
      if rest.hasPrefix(separator) {
        parts.append("")
        rest = rest.dropFirst(separator.count)
      } else {
        parts[parts.count - 1].append(character)
        rest = rest.dropFirst()
      }
    }
    return parts
  }
}
