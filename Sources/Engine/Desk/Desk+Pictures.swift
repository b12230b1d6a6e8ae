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

  func modelsSnapshot() -> ModelsSnapshot {
    var models = [
      model("teacher", origin: settings.teacher), model("reference", origin: settings.reference),
    ]
    let student = settings.student.shape
    let vocabulary = (try? Parts.manifest(.scored, folder))?.vocabularySize ?? vocabularySize
    let shape = try? student.configuration(vocabularySize: vocabulary, endOfText: 0)
    for (role, path) in [("student A", \CommitFolder.modelA), ("student B", \.modelB)] {
      let folder = status.newestCommit.map {
        CommitFolder(project: self.folder, name: $0)[keyPath: path]
      }
      if let folder, Folder.exists(folder + "/config.json") {
        models.append(Self.model(role, folder: folder))
      } else {
        models.append(Self.model(role, name: "fresh", configuration: shape, state: "fresh"))
      }
    }
    let runs = ["teacher", "reference"].compactMap { modelRuns[$0] ?? finishedRun($0) }
    return ModelsSnapshot(models: models, checks: checks(runs), runs: runs)
  }

  private var vocabularySize: Int {
    if case .trained(let size) = settings.tokenizer { size } else { 0 }
  }

  private func model(_ role: String, origin: ModelOrigin) -> ModelsSnapshot.Model {
    let path = folder.modelFolder(role, origin)
    if Folder.exists(path + "/config.json") { return Self.model(role, folder: path) }
    guard case .trained(let plan) = origin else {
      return Self.model(role, name: path, configuration: nil, state: "missing")
    }
    let shape = try? plan.shape.configuration(vocabularySize: vocabularySize, endOfText: 0)
    let isTraining = job.map { $0.stage.rawValue == role } ?? false
    return Self.model(
      role, name: role, configuration: shape, state: isTraining ? "training" : "to be trained")
  }

  private static func model(_ role: String, folder: String) -> ModelsSnapshot.Model {
    do {
      let configuration = try ModelConfiguration(file: folder + "/config.json")
      var model = model(
        role, name: folder.split(separator: "/").last.map(String.init) ?? folder,
        configuration: configuration, state: "ready")
      model.facts.append("folder \(folder)")
      return model
    } catch {
      var model = model(role, name: folder, configuration: nil, state: "broken")
      model.facts = ["\(error)"]
      return model
    }
  }

  private static func model(
    _ role: String, name: String, configuration: ModelConfiguration?, state: String
  ) -> ModelsSnapshot.Model {
    guard let configuration else {
      return ModelsSnapshot.Model(
        role: role, name: name, architecture: "?", parameters: 0, bytes: 0, state: state)
    }
    var facts = [
      "layers \(configuration.layerCount), hidden size \(configuration.hiddenSize)",
      "vocabulary \(Text.grouped(configuration.vocabularySize)), "
        + "embeddings \(configuration.tiesWordEmbeddings ? "tied" : "untied")",
    ]
    let architecture: String
    switch configuration {
    case .decoder(let decoder):
      architecture = decoder.family == .qwen2 ? "Qwen2" : "Llama"
      facts.append(
        "heads \(decoder.headCount)/\(decoder.keyValueHeadCount), "
          + "intermediate size \(decoder.intermediateSize)")
    case .mamba(let mamba):
      architecture = "Mamba"
      facts.append("inner size \(mamba.innerSize), state size \(mamba.stateSize)")
    }
    return ModelsSnapshot.Model(
      role: role, name: name, architecture: architecture,
      parameters: configuration.parameterCount, bytes: 4 * configuration.parameterCount,
      state: state, facts: facts)
  }

  /// The run of a model that was trained earlier.
  private func finishedRun(_ role: String) -> RunSnapshot? {
    let path = folder.run(role)
    guard Folder.exists(path + "/" + MetricsLog.fileName) else { return nil }
    return RunRecorder.restored(name: role, corpus: "reserve", runFolder: path).snapshot
  }

  private func checks(_ runs: [RunSnapshot]) -> [ModelsSnapshot.Check] {
    var checks: [ModelsSnapshot.Check] = []
    let paths = [
      folder.modelFolder("teacher", settings.teacher),
      folder.modelFolder("reference", settings.reference),
    ]
    let shapes = paths.compactMap { try? ModelConfiguration(file: $0 + "/config.json") }
    if shapes.count == 2 {
      let same = shapes[0].vocabularySize == shapes[1].vocabularySize
      checks.append(
        .init(
          state: same ? .ok : .failed,
          text: same
            ? "teacher and reference share one vocabulary (\(Text.grouped(shapes[0].vocabularySize)))"
            : "vocabularies differ: \(shapes[0].vocabularySize) and \(shapes[1].vocabularySize)"))
      let larger = shapes[0].parameterCount > shapes[1].parameterCount
      checks.append(
        .init(
          state: larger ? .ok : .warning,
          text: larger
            ? "the teacher is the larger model, "
              + "\(Text.fixed(Double(shapes[0].parameterCount) / Double(shapes[1].parameterCount), 1)) times"
            : "the teacher is not larger than the reference"))
    } else {
      checks.append(.init(state: .waiting, text: "teacher and reference are not both ready"))
    }
    if runs.count == 2, let teacher = runs[0].heldOutLoss, let reference = runs[1].heldOutLoss {
      let better = teacher < reference
      checks.append(
        .init(
          state: better ? .ok : .warning,
          text:
            "held-out loss: teacher \(Text.fixed(teacher, 3)), reference \(Text.fixed(reference, 3))"
            + (better ? "" : "; the difference will rank noise")))
    }
    let precision = settings.scoringPrecision
    // One chunk a batch and one model at a time is the least that scoring can do with.
    let needed =
      shapes.map {
        MemoryPlan(
          configuration: $0, maximumTokens: settings.chunkTokens - 1, precision: precision,
          purpose: .scoring, compute: compute
        ).totalBytes
      }.max() ?? 0
    let free = SystemMemory.available()
    checks.append(
      .init(
        state: needed < free ? .ok : .failed,
        text: "free memory \(Text.bytes(free)), scoring in \(precision.rawValue) needs "
          + Text.bytes(needed)))
    if !precision.isSupported {
      checks.append(
        .init(
          state: .failed,
          text: "this processor cannot score in \(precision.rawValue): choose f32 as "
            + "scoringPrecision in project.json"))
    }
    return checks
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
