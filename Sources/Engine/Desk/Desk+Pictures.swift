import Corpus
import EngineInterface
import LanguageModels
import Store
import TensorKit
import Tokenizers
import Training

/// The pictures that the desk makes from what stands on disk.
extension Desk {
  func showProject() {
    let stages = Stage.allCases.map { stage in
      if let outcome = outcomes[stage] { return outcome }
      return StageStatus(stage: stage, state: status.isDone(stage) ? .done : .waiting)
    }
    let threads = engine.threads == 1 ? "1 thread" : "\(engine.threads) threads"
    publisher.showNow(
      .project,
      .project(
        ProjectSnapshot(
          name: settings.name, folder: folder.path, stages: stages,
          machine:
            "\(threads), kernels \(compute.kernels.name), \(MatrixProduct.library)")))
  }

  /// Shows the runs of the newest commit's students, if they have begun.
  func showTraining() {
    guard let commit = status.newestCommit else { return }
    let places = CommitFolder(project: folder, name: commit)
    guard Folder.exists(places.runA + "/" + MetricsLog.fileName) else { return }
    var pair = pair(places)
    publisher.showNow(.training, .training(pair.snapshot()))
  }

  /// Shows the newest commit's comparison, if it has been made.
  func showComparison() throws {
    guard status.isDone(.compare), let commit = status.newestCommit else { return }
    let places = CommitFolder(project: folder, name: commit)
    let report = try JSONFile.read(Report.self, from: places.report + "/report.json")
    var pair = pair(places)
    publisher.showNow(
      .comparison,
      .comparison(
        report.snapshot(path: places.report + "/report.md", runs: pair.snapshot().runs)))
  }

  /// Both students of a commit, as their metrics on disk tell them.
  private func pair(_ places: CommitFolder) -> PairRecorder {
    PairRecorder(
      a: .restored(name: "A uniform", corpus: "\(places.name) uniform", runFolder: places.runA),
      b: .restored(name: "B refined", corpus: places.name, runFolder: places.runB))
  }

  /// Writes the report again, for a person who asks for it.
  func writeReport() throws {
    guard status.isDone(.compare) else {
      note("There is nothing to report before the students are compared.", .warning)
      return
    }
    try showComparison()
    if let commit = status.newestCommit {
      note("The report stands in \(CommitFolder(project: folder, name: commit).report).")
    }
  }
}

extension CorpusSnapshot {
  /// The picture of a packed corpus.
  init(
    manifest: CorpusManifest, shards: TokenShards, tokenizer: Tokenizer, folder: ProjectFolder,
    parts: [CorpusPart]
  ) {
    var lengths = [[Int]](repeating: [], count: shards.sources.count)
    for chunk in 0..<shards.count {
      lengths[shards.source(of: chunk)].append(shards.length(of: chunk))
    }
    let counts = Dictionary(
      manifest.sources.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let sources = shards.sources.indices.compactMap { index -> Source? in
      let sorted = lengths[index].sorted()
      guard !sorted.isEmpty else { return nil }
      return Source(
        name: shards.sources[index], documents: counts[shards.sources[index]]?.documents ?? 0,
        chunks: sorted.count, tokens: sorted.reduce(0, +), medianTokens: sorted[sorted.count / 2])
    }
    var facts = manifest.inputs.map {
      "file \($0.path), \(Text.bytes($0.bytes)), sha256 \(($0.sha256 ?? "-").prefix(12))"
    }
    facts.append(
      "text \(manifest.settings.reader.textField), source \(manifest.settings.reader.sourceField)")
    for part in parts where part != .scored {
      if let other = try? Parts.manifest(part, folder) {
        facts.append(
          "\(part.rawValue): \(Text.grouped(other.chunks)) chunks, \(Text.count(other.tokens)) tokens"
        )
      }
    }
    self.init(
      path: manifest.inputs.map(\.path).joined(separator: ", "), sources: sources,
      documents: manifest.documents, chunks: shards.count, tokens: shards.tokenCount,
      rejected: manifest.rejected.values.reduce(0, +),
      chunkLength: manifest.settings.packing.maximumLength,
      tokenizer: "byte-level BPE, \(Text.grouped(tokenizer.vocabularySize)) tokens", facts: facts)
  }
}
