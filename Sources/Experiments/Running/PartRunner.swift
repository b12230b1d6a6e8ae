import Corpus
import DemoCorpus
import DifferenceSampling
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Tokenizers
import Training

/// Does single parts of an experiment, each by the verb that the other subcommands have, too.
struct PartRunner {
  let recipe: ExperimentRecipe
  let folder: ExperimentFolder
  let settings: Experiment.Settings
  let compute: Ops
  let digests: FileDigests

  init(
    recipe: ExperimentRecipe, folder: ExperimentFolder, settings: Experiment.Settings,
    compute: Ops
  ) {
    self.recipe = recipe
    self.folder = folder
    self.settings = settings
    self.compute = compute
    digests = FileDigests(file: folder.digests)
  }

  /// Does a part; a few words on what came out.
  func run(_ kind: ExperimentPart.Kind, _ work: Work) throws -> String {
    switch kind {
    case .corpus: try gather(work)
    case .tokenizer: try trainTokenizer(work)
    case .pack(let part): try pack(part, work)
    case .scorer(let role): try trainScorer(role, work)
    case .score: try score(work)
    case .select(let selection): try select(selection, work)
    case .write(let arm): try write(arm, work)
    case .student(let student):
      try StudentRun(
        student, recipe: recipe, folder: folder, teacher: modelFolder("teacher"), compute: compute
      ).run(work, tokenizer: tokenizerPlace)
    case .report: try ExperimentReport(recipe, in: folder).write()
    }
  }

  // MARK: - Text

  private func gather(_ work: Work) throws -> String {
    guard case .machine(let text) = recipe.corpus else { return "given" }
    var options = DemoOptions()
    options.seed = text.seed
    options.byteBudget = text.bytes
    options.reserveShare = text.reserve
    options.heldOutShare = text.heldOut
    options.damageShare = text.damage
    let manifest: DemoManifest
    do throws(DemoCorpusError) {
      manifest = try DemoCorpus.build(into: folder.corpus, options: options) {
        !work.goesOn(WorkProgress(nil, detail: "reading packages"))
      }
    } catch {
      if error == .cancelled { throw WorkStopped() }
      throw error
    }
    for problem in manifest.problems { work.note(problem, .warning) }
    let bytes = manifest.kinds.reduce(0) { $0 + $1.bytes.values.reduce(0, +) }
    let damaged = manifest.planted.filter { $0.key != Damage.none.rawValue }.values.reduce(0, +)
    return "\(Number.bytes(bytes)) of \(manifest.kinds.count) kinds, "
      + "\(Number.grouped(damaged)) documents damaged"
  }

  /// The files of a part.
  private func inputs(_ part: CorpusPart) -> [String] {
    switch recipe.corpus {
    case .machine:
      let file =
        switch part {
        case .reserve: DemoPart.reserve
        case .scored: DemoPart.corpus
        case .heldOut: DemoPart.heldout
        }
      return ["\(folder.corpus)/\(file.fileName)"]
    case .files(let files):
      return switch part {
      case .reserve: files.reserve
      case .scored: files.scored
      case .heldOut: files.heldOut
      }
    }
  }

  private func reader(_ part: CorpusPart, _ work: Work) throws -> ReaderOptions {
    guard case .files(let files) = recipe.corpus, GivenShards(inputs(part)) == nil else {
      return ReaderOptions()
    }
    return try TextFields(text: files.textField, source: files.sourceField)
      .options(for: inputs(part), work)
  }

  /// The tokenizer's folder.
  private var tokenizerPlace: String {
    switch recipe.tokenizer {
    case .trained: folder.tokenizer
    case .folder(let path): path.hasSuffix(".json") ? Folder.parent(of: path) : path
    }
  }

  private func trainTokenizer(_ work: Work) throws -> String {
    guard case .trained(let size) = recipe.tokenizer else { return "given" }
    let trained = try TrainTokenizer(
      inputs(.reserve), into: folder.tokenizer,
      TrainTokenizer.Settings(vocabularySize: size, reader: reader(.reserve, work))
    ).run(work)
    return "\(Number.grouped(trained.vocabularySize)) tokens"
  }

  private func pack(_ part: CorpusPart, _ work: Work) throws -> String {
    // Parts that are there were packed with one token; the others get the same.
    let packed = try CorpusPart.allCases.lazy
      .filter { Folder.exists("\(folder.shards($0))/\(CorpusManifest.fileName)") }
      .compactMap { try ShardsTokenizer(ofShards: folder.shards($0)).endOfText }.first
    let place = tokenizerPlace
    let tokenizer = try Pack.encoding(
      Tokenizer.load(from: place), at: place, endOfText: packed, work)
    var corpus = CorpusSettings()
    corpus.packing.maximumLength = recipe.chunkTokens
    corpus.reader = try reader(part, work)
    let manifest = try Pack(
      Pack.Input(inputs(part)), tokenizer: tokenizer, into: folder.shards(part),
      Pack.Settings(corpus: corpus, pipeline: PipelineOptions(threads: compute.pool.threads))
    ).run(work)
    return "\(Number.grouped(manifest.chunks)) chunks, \(Number.count(manifest.tokens)) tokens"
  }

  // MARK: - Teacher, reference, scores

  private func scorer(_ role: String) -> RecipeScorer {
    role == "teacher" ? recipe.teacher : recipe.reference
  }

  private func modelFolder(_ role: String) -> ModelFolder {
    if case .folder(let path) = scorer(role) { return ModelFolder(path) }
    return ModelFolder(folder.model(role))
  }

  private func trainScorer(_ role: String, _ work: Work) throws -> String {
    guard case .trained(let model, let epochs, let seed) = scorer(role) else { return "given" }
    let facts = try ExperimentFacts(recipe, folder)
    let account = try ExperimentAccount(recipe, facts)
    let trained = try Train(
      .fresh(
        model.configuration(vocabularySize: facts.vocabularySize, endOfText: facts.endOfText),
        RandomSource(seed: seed).split(role)),
      on: TrainingPlace(
        shards: folder.shards(.reserve), runFolder: folder.run(role), output: folder.model(role)),
      configuration: model.training(
        steps: account.scorerSteps(model, epochs: epochs), chunkTokens: recipe.chunkTokens,
        endOfText: facts.endOfText, seed: seed, evaluations: recipe.evaluations),
      heldOut: HeldOut(
        shards: folder.shards(.heldOut), limit: recipe.evaluationChunks, choice: .spread,
        tokenizer: tokenizerPlace),
      tokenizerFolder: tokenizerPlace, compute: compute
    ).run(work)
    return "\(Number.count(trained.parameters)) parameters, held-out "
      + Number.fixed(trained.heldOutLoss, 3)
  }

  private func score(_ work: Work) throws -> String {
    // A reference that was trained here has learnt the reserve; another one may record its own.
    let isOwn = if case .trained = recipe.reference { true } else { false }
    let result = try Score(
      ScoringInputs(
        shards: folder.shards(.scored), teacher: modelFolder("teacher"),
        reference: modelFolder("reference"), tokenizer: tokenizerPlace, digests: digests,
        compute: compute),
      settings: Score.Settings(
        seed: recipe.seed, maximumPositions: recipe.chunkTokens - 1, precision: .f32),
      output: folder.scores, reserve: isOwn ? folder.shards(.reserve) : nil,
      waivers: settings.waivers
    ).run(work)
    return "\(Number.grouped(result.scores.count)) chunks"
  }

  private func select(_ selection: ExperimentSelection, _ work: Work) throws -> String {
    let inputs = try Commit.Inputs(
      Commit.Sources(
        shards: folder.shards(.scored), scores: folder.scores, teacher: modelFolder("teacher"),
        reference: modelFolder("reference"), tokenizer: tokenizerPlace),
      digests: digests, work)
    let arm = selection.arm
    let chunks = try TokenShards(folder: folder.shards(.scored)).count
    if let ratio = arm.ratio, ratio * Double(chunks) < 1 {
      throw ExperimentError.emptyArm(arm: arm.name, ratio: ratio, chunks: chunks)
    }
    let samples = folder.samples(arm)
    let written = try Commit(
      inputs,
      settings: Commit.Settings(
        name: "\(recipe.name)-\(arm.method.rawValue)", writesSample: selection.writesSample,
        sampleSeed: recipe.seed, program: settings.program),
      places: Commit.Places(commits: folder.commits(arm)) { _ in samples }
    ).run(
      inputs.index().select(
        SelectionSettings(rule: .ratio(arm.ratio ?? 1), ranking: arm.method.ranking)), work)
    let all = written.refined.manifest.all
    return "\(Number.grouped(all.keptChunks)) chunks, \(Number.count(all.keptTokens)) tokens"
  }

  private func write(_ arm: ExperimentArm, _ work: Work) throws -> String {
    guard case .seqKD(let promptTokens, let temperature)? = arm.teaching,
      let shards = try folder.chosen(arm)
    else {
      throw ExperimentError.missing(
        part: "text \(arm.name)", needs: "the chunks that it begins with",
        path: folder.commits(arm.selected))
    }
    let written = try ContinueChunks(
      shards, by: modelFolder("teacher"), into: folder.written(arm),
      ContinuationSettings(
        sampling: SamplingSettings(temperature: temperature, seed: recipe.seed),
        promptTokens: promptTokens, maximumLength: recipe.chunkTokens),
      digests: digests, compute: compute
    ).run(work)
    return
      "\(Number.grouped(written.chunks)) chunks, \(Number.count(written.newTokens)) tokens drawn"
  }
}

extension ExperimentRecipe {
  /// Of what is drawn once for all students: text, order of scoring, uniform samples.
  var seed: UInt64 {
    if case .machine(let text) = corpus { text.seed } else { 42 }
  }
}

extension ExperimentMethod {
  /// By what the chunks of its corpus are ranked.
  var ranking: SelectionRanking {
    switch self {
    case .miniplm, .conventional, .uniform: .difference
    case .lowestDifference: .lowestDifference
    case .highestReferenceLoss: .highestReferenceLoss
    case .lowestReferenceLoss: .lowestReferenceLoss
    }
  }
}
