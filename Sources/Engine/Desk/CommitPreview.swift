import Corpus
import DifferenceSampling
import EngineInterface
import Foundation
import LanguageModels
import Pipeline
import Store

/// What a commit would write now: in numbers at once, in full after a pass over the corpus.
struct CommitPreview: Sendable {
  let folder: ProjectFolder
  let settings: ProjectSettings
  let selection: Selection
  let ratio: Double
  let digests: FileDigests
  /// Ends the waiting for digests.
  let control: WorkControl

  /// What the selection knows by itself.
  var numbers: CommitSnapshot {
    let summary = selection.summary
    let free = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)[
      .systemFreeSize]
    return CommitSnapshot(
      state: .planned, name: settings.name, folder: folder.commits, ratio: ratio,
      chunks: summary.all.keptChunks, tokens: summary.all.keptTokens,
      manualKept: summary.manualKeeps, manualDropped: summary.manualDrops, files: [],
      freeDisk: (free as? NSNumber)?.intValue ?? 0,
      card: ["Files and card follow, once the chunks are counted and every input has its digest."])
  }

  /// All of it. `written`: as what the newest commit wrote.
  func snapshot(written: Bool) throws -> CommitSnapshot {
    let commits = try Commits(
      folder, settings, scores: selection.index.scores, digests: digests, Work(control: control))
    let commit = try commits.verb.refined(selection)
    let plan = try commit.plan()
    let earlier = try CommitManifest.list(commitsFolder: folder.commits)
      .filter { $0.kind == .refined }
    var snapshot = numbers
    snapshot.name = plan.name
    snapshot.folder = plan.folder
    snapshot.chunks = plan.chunks
    snapshot.tokens = plan.tokens
    snapshot.files = plan.files.map {
      CommitSnapshot.File(name: $0.name, bytes: $0.bytes, note: $0.note)
    }
    snapshot.freeDisk = plan.freeBytes
    snapshot.card = plan.card.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    snapshot.earlier = earlier.map {
      CommitSnapshot.Earlier(
        name: $0.version, ratio: Double($0.all.keptChunks) / Double(max(1, $0.all.totalChunks)),
        chunks: $0.all.keptChunks)
    }
    if let last = earlier.last {
      let places = CommitFolder(project: folder, name: last.version)
      if written {
        snapshot.state = .written(places.refined)
        snapshot.folder = places.refined
      }
      let difference = try CommitDifference(first: places.refined, planned: commit)
      snapshot.shared = difference.all.both.chunks
      snapshot.added = difference.all.onlySecond.chunks
      snapshot.removed = difference.all.onlyFirst.chunks
    }
    return snapshot
  }
}

/// The files that a commit names as its inputs, those that are there.
struct CommitFiles: Sendable {
  let folder: ProjectFolder
  let settings: ProjectSettings

  func paths() -> [String] {
    var paths: [String] = []
    let shards = (try? TokenShards(folder: folder.shards(.scored)).shardPaths) ?? []
    paths += shards.flatMap { [$0 + ".idx", $0 + ".bin"] }
    for (role, origin) in [("teacher", settings.teacher), ("reference", settings.reference)] {
      let model = ModelFolder(folder.modelFolder(role, origin))
      paths += ((try? model.identityFiles()) ?? []).map { model.identityFolder + "/" + $0 }
    }
    if let tokenizer = ModelFolder(folder.tokenizerFolder(settings)).tokenizerFile {
      paths.append(tokenizer)
    }
    return paths.filter(Folder.exists)
  }
}
