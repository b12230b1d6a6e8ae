import DifferenceSampling
import Numerics
import Store

/// A refined corpus or its uniform sample: shards with a manifest.
enum InspectedCommit: InspectedKind {
  static let words = "a commit"

  static func matches(_ path: String) -> Bool {
    if Folder.isFolder(path) { return Folder.exists("\(path)/\(CommitManifest.fileName)") }
    return Inspect.name(path) == CommitManifest.fileName
  }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    let path = inspection.path
    let folder = Folder.isFolder(path) ? path : Folder.parent(of: path)
    // Others have manifests, too; what this one says decides.
    guard let manifest = try? CommitManifest.read(folder: folder) else {
      if InspectedShards.matches(path) { return try InspectedShards.lines(inspection, work) }
      throw PipelineError.unknownKind(
        path: path, known: ["a commit, whose \(CommitManifest.fileName) names kind and selection"])
    }
    if inspection.settings.chunk != nil { return try InspectedShards.lines(inspection, work) }
    let kind =
      switch manifest.kind {
      case .refined: "refined corpus"
      case .uniform: "uniform sample"
      }
    var lines = [
      "\(kind) \(manifest.name), version \(manifest.version), made \(manifest.createdAt)",
      "\(Number.grouped(manifest.all.keptChunks)) of \(Number.grouped(manifest.all.totalChunks)) "
        + "chunks, \(Number.grouped(manifest.all.keptTokens)) of "
        + "\(Number.grouped(manifest.all.totalTokens)) tokens",
    ]
    if let selection = manifest.selection { lines.append(InspectedSelection.words(selection)) }
    lines += manifest.departures.map { "not part of the method: \($0)" }
    let models = [("teacher", manifest.teacher), ("reference", manifest.reference)]
    for (role, model) in models { if let model { lines.append("\(role) \(model.name)") } }
    lines += manifest.sources.map {
      "\($0.source): \(Number.grouped($0.keptChunks)) of \(Number.grouped($0.totalChunks)) chunks"
    }
    return lines
  }
}

/// The folder of all commits.
enum InspectedCommits: InspectedKind {
  static let words = "a folder of commits"

  static func matches(_ path: String) -> Bool {
    guard Folder.isFolder(path) else { return false }
    return !((try? CommitManifest.versions(commitsFolder: path)) ?? []).isEmpty
  }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    try CommitManifest.list(commitsFolder: inspection.path).map {
      "\($0.version): \($0.kind.rawValue), \(Number.grouped($0.all.keptChunks)) chunks, "
        + "\(Number.grouped($0.all.keptTokens)) tokens"
    }
  }
}

/// What was chosen on the screen: `selection.json` of a commit, `recipe.jsonl` of a project.
enum InspectedSelection: InspectedKind {
  static let words = "a selection"

  static func matches(_ path: String) -> Bool {
    ["selection.json", "recipe.jsonl"].contains(Inspect.name(path)) && Folder.exists(path)
  }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    let settings = try SelectionFile.read(inspection.path)
    return [words(settings)] + settings.departures.map { "not part of the method: \($0)" }
  }

  /// The rule in words.
  static func words(_ settings: SelectionSettings) -> String {
    switch settings.rule {
    case .ratio(let ratio): "selection by ratio \(Number.fixed(ratio, 4))"
    case .threshold(let threshold):
      "selection by difference, at least \(Number.fixed(Double(threshold), 4)) nats a token"
    }
  }
}
