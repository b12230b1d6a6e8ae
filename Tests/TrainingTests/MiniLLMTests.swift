import Corpus
import Foundation
import LanguageModels
import Numerics
import Store
import TensorKit
import Testing
import Training

/// Runs that sample: what they compute and log, and that stops, batches and kept files change nothing.
@Suite struct MiniLLMTests: TaughtRuns {
  let compute: Compute

  init() throws { compute = try Tiny.compute(threads: 2) }

  private func settings(
    steps: Int, _ change: (inout MiniLLMSettings) -> Void = { _ in }
  ) -> TrainingConfiguration {
    var settings = Tiny.settings(steps: steps)
    settings.distillation = DistillationSettings(
      ratio: 0.5, temperature: 1, teacher: Self.identity)
    var samples = MiniLLMSettings()
    (samples.promptTokens, samples.newTokens) = (8, 6)
    (samples.rollouts, samples.epochs, samples.decodeBatch) = (12, 2, 5)
    change(&samples)
    settings.minillm = samples
    return settings
  }

  private func rollout(_ folder: String, _ number: Int = 1) throws -> SafetensorsFile {
    try SafetensorsFile(path: "\(folder)/rollouts/rollout-00000\(number).safetensors")
  }

  @Test(arguments: Tiny.Family.allCases) func figuresAreLogged(family: Tiny.Family) throws {
    let folder = try TemporaryFolder()
    var settings = settings(steps: 9)
    settings.keepsRollouts = true
    var rollouts: [Int] = []
    try trainer(family, settings, folder.path) {
      if case .rollingOut(let progress) = $0, rollouts.last != progress.rollout {
        rollouts.append(progress.rollout)
      }
    }.run()
    #expect(rollouts == [1, 2, 3])
    let steps = try steps(folder.path)
    #expect(steps.count == 9)
    for (index, step) in steps.enumerated() {
      let (figures, text) = (try #require(step.minillm), try #require(step.distillation))
      #expect(figures.rollout == index / 4 + 1)
      #expect(figures.rolloutEpoch == index % 4 / 2 + 1)
      let loss = figures.policyLoss + figures.reverseKL + 0.5 * (text.lmLoss + text.kdLoss)
      let gap: Double = abs((step.loss ?? .nan) - loss)
      #expect(gap < 1e-9)
      #expect(figures.reverseKL > 0 && figures.length > 0 && figures.length <= 6)
      #expect(figures.importanceWeight > 0 && figures.importanceWeight < 1.25)
      #expect((0...1).contains(figures.finishedShare) && (0...1).contains(figures.clippedShare))
      #expect(figures.rolloutSeconds != nil)
    }
    // Before the first update q is what it was: ratios are the importance weights.
    let first = try #require(steps.first?.minillm)
    #expect(abs(first.ratio - first.importanceWeight) < 1e-5)
    // Whitened over real tokens, and over nothing else.
    let file = try rollout(folder.path)
    let advantages = try file.values(of: "advantages", as: Float.self).map(Double.init)
    let mean = advantages.reduce(0, +) / Double(advantages.count)
    let variance = advantages.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(abs(mean) < 1e-5 && abs(variance / Double(advantages.count) - 1) < 1e-3)
    // An end of text is the last token of its sequence, once.
    let tokens = try file.values(of: "tokens", as: Int32.self)
    let offsets = try file.values(of: "offsets", as: Int64.self).map(Int.init)
    let prompts = try file.values(of: "prompt_lengths", as: Int64.self).map(Int.init)
    let finished = try file.values(of: "finished", as: UInt8.self)
    for sequence in prompts.indices {
      let new = tokens[offsets[sequence] + prompts[sequence]..<offsets[sequence + 1]]
      let isFinished = new.last == Tiny.endOfSequence
      #expect(isFinished == (finished[sequence] == 1))
      #expect(!new.dropLast().contains(Tiny.endOfSequence))
      #expect(isFinished || new.count == 6)
    }
  }

  /// Twelve sequences for two epochs are four steps: every step is somewhere in a rollout.
  @Test(arguments: Tiny.Family.allCases)
  func stopsAndKillsChangeNothing(family: Tiny.Family) throws {
    let settings = settings(steps: 7)
    let whole = try TemporaryFolder()
    let undisturbed = try trainer(family, settings, whole.path)
    #expect(try undisturbed.run() == .finished)
    let expected = (bits: try Tiny.bits(undisturbed.model), facts: try facts(whole.path))

    // Stopped behind every step, and in every rollout behind some tokens.
    let stopped = try TemporaryFolder()
    var finished: [UInt32]?
    var rounds = 0
    while finished == nil {
      rounds += 1
      try #require(rounds < 40)
      let control = TrainingControl()
      var (seen, interrupts) = (0, rounds % 2 == 1)
      let trainer = try trainer(family, settings, stopped.path, control: control) {
        switch $0 {
        case .step: control.stop()
        case .rollingOut:
          seen += 1
          if interrupts, seen == 9 {
            control.stop()
            interrupts = false
          }
        default: break
        }
      }
      if try trainer.run() == .finished { finished = try Tiny.bits(trainer.model) }
    }
    #expect(rounds > 8)
    #expect(finished == expected.bits)
    #expect(try facts(stopped.path) == expected.facts)

    // Killed: the newest checkpoint is in the middle of a rollout or before one.
    let killed = try TemporaryFolder()
    finished = nil
    for last in 1...8 where finished == nil {
      let trainer = try trainer(family, settings, killed.path)
      for _ in 0..<last where finished == nil {
        if try trainer.advance() == .finished { finished = try Tiny.bits(trainer.model) }
      }
    }
    #expect(finished == expected.bits)
    #expect(try facts(killed.path) == expected.facts)
  }

  /// Steps that a run passes over, the first of a rollout among them, which is made behind it.
  @Test func aRolloutWhoseFirstStepsArePassedOver() throws {
    let decided = """
      {"formatVersion": 1, "decisions": [
        {"fault": {"kind": "spike", "step": 5, "text": "", "chunks": []}, "action": "back", "returnedTo": 4},
        {"fault": {"kind": "spike", "step": 6, "text": "", "chunks": []}, "action": "back", "returnedTo": 4}]}
      """
    let settings = settings(steps: 9)
    func folder() throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      try AtomicFile.write(text: decided, to: folder.path + "/" + Decisions.fileName)
      return folder
    }
    let (whole, stopped) = (try folder(), try folder())
    let undisturbed = try trainer(.qwen2, settings, whole.path)
    #expect(try undisturbed.run() == .finished)
    #expect(try steps(whole.path).compactMap(\.minillm?.rollout) == [1, 1, 1, 1, 2, 2, 3])
    var finished: [UInt32]?
    for _ in 0..<20 where finished == nil {
      let control = TrainingControl()
      let trainer = try trainer(.qwen2, settings, stopped.path, control: control) {
        if case .step = $0 { control.stop() }
      }
      if try trainer.run() == .finished { finished = try Tiny.bits(trainer.model) }
    }
    #expect(finished == (try Tiny.bits(undisturbed.model)))
    #expect(try facts(stopped.path) == facts(whole.path))
  }

  /// Its samples begin with the chunks, which a fork would leave out.
  @Test func noForkWithoutChunks() throws {
    let folder = try TemporaryFolder()
    let parent = folder.path + "/parent"
    _ = try trainer(.qwen2, settings(steps: 3), parent).run()
    #expect {
      try RunFork.make(
        of: parent, beforeStep: 2, dropping: [1], into: folder.path + "/fork")
    } throws: {
      if case TrainingError.cannotFork = $0 { true } else { false }
    }
    _ = try RunFork.make(of: parent, beforeStep: 2, dropping: [], into: folder.path + "/fork")
  }

  /// Times are no facts.
  private func facts(_ folder: String) throws -> [String] {
    try Tiny.facts(folder).map { line in
      line.replacing(#/"rolloutSeconds":[-+.eE0-9]+,?/#, with: "").replacing(",}", with: "}")
    }
  }

  @Test func checkpointsAreWrittenWhileSampling() throws {
    let folder = try TemporaryFolder()
    let control = TrainingControl()
    var asked = false
    var checkpoints: [Int] = []
    let trainer = try trainer(.qwen2, settings(steps: 6), folder.path, control: control) {
      switch $0 {
      case .rollingOut(let progress) where progress.rollout == 2 && !asked:
        asked = true
        control.requestCheckpoint()
      case .checkpoint(let record): checkpoints.append(record.step)
      default: break
      }
    }
    #expect(try trainer.run() == .finished)
    #expect(checkpoints == [3, 4, 6])
    let files = { (step: Int) in
      Folder.exists("\(folder.path)/checkpoints/step-00000\(step)/rollout.safetensors")
    }
    #expect(files(3) && !files(4) && files(6))
  }

  @Test func batchesOfAnySizeAddUp() throws {
    let losses = try [1, 2, 6].map { size in
      let folder = try TemporaryFolder()
      var settings = settings(steps: 4)
      settings.chunksPerMicroBatch = size
      try trainer(.qwen2, settings, folder.path).run()
      return try steps(folder.path).map { step in
        let figures = try #require(step.minillm)
        return [
          figures.policyLoss, figures.reverseKL, figures.reward, figures.importanceWeight,
          try #require(step.loss), try #require(step.gradientNorm),
        ]
      }
    }
    for other in losses.dropFirst() {
      for (a, b) in zip(losses[0].joined(), other.joined()) {
        let (difference, most): (Double, Double) = (abs(a - b), 1e-4 * (0.01 + abs(a)))
        #expect(difference < most)
      }
    }
  }

  @Test func theStudentComesNearerToItsTeacher() throws {
    let folder = try TemporaryFolder()
    let training = settings(steps: 48) {
      $0.textWeight = 0
      $0.newTokens = 12
    }
    // Distributions that are far from flat.
    let models = (Bundle.module.resourcePath ?? ".") + "/Fixtures/minillm/qwen2"
    let student = try LanguageModel.load(folder: models + "/student", compute: compute)
    let teacher = try TeacherModel(
      LanguageModel.load(folder: models + "/teacher", purpose: .scoring, compute: compute),
      training: training)
    try Trainer(
      model: student, workspace: training.makeWorkspace(for: student), configuration: training,
      chunks: TokenShards(ShardLocation(models + "/shards")), teacher: teacher,
      runFolder: folder.path
    ).run()
    let steps = try steps(folder.path)
    #expect(steps.allSatisfy { $0.distillation == nil })
    let found = steps.compactMap { $0.minillm?.reverseKL }
    let (first, last) = (found.prefix(6).reduce(0, +), found.suffix(6).reduce(0, +))
    #expect(last < 0.9 * first)
  }

  /// By the student alone, tokens are drawn from what they are trained as.
  @Test func withoutATeachersShareWeightsAreOne() throws {
    let folder = try TemporaryFolder()
    try trainer(.mamba, settings(steps: 2) { $0.teacherShare = 0 }, folder.path).run()
    #expect(try steps(folder.path).allSatisfy { $0.minillm?.importanceWeight == 1 })
  }

  @Test func settingsWithoutMeaningAreRefused() throws {
    let folder = try TemporaryFolder()
    func field(_ change: (inout MiniLLMSettings) -> Void) -> String? {
      do {
        _ = try trainer(.qwen2, settings(steps: 2, change), folder.path)
        return nil
      } catch TrainingError.invalidSetting(let field, _, _) {
        return field
      } catch { return "\(error)" }
    }
    #expect(field { $0.promptTokens = 20 } == "promptTokens")
    #expect(field { $0.newTokens = 13 } == "newTokens")
    #expect(field { $0.newTokens = 0 } == "newTokens")
    #expect(field { $0.rollouts = 13 } == "rollouts")
    #expect(field { $0.rollouts = 0 } == "rollouts")
    #expect(field { $0.epochs = 0 } == "rolloutEpochs")
    #expect(field { $0.teacherShare = 1.1 } == "teacherShare")
    #expect(field { $0.rewardScaling = 0 } == "rewardScaling")
    #expect(field { $0.rewardClip = .nan } == "rewardClip")
    #expect(field { $0.discount = -0.1 } == "discount")
    #expect(field { $0.ratioClip = 0 } == "ratioClip")
    #expect(field { $0.textWeight = .infinity } == "textWeight")
    #expect(field { $0.decodeBatch = 0 } == "decodeBatch")
    #expect(
      field {
        $0.rollouts = 6 << 20
        $0.decodeBatch = 6 << 20
      } == "decodeBatch")
    #expect(field { _ in } == nil)
    var alone = settings(steps: 2)
    alone.distillation = nil
    #expect(throws: TrainingError.self) {
      try Tiny.trainer(.qwen2, alone, folder: folder.path, compute: compute)
    }
    // Begun with other samples.
    try trainer(.qwen2, settings(steps: 2), folder.path).run()
    #expect {
      try trainer(.qwen2, settings(steps: 2) { $0.discount = 0.9 }, folder.path).run()
    } throws: { error in
      guard case .configurationChanged("minillm", _, _)? = error as? TrainingError else {
        return false
      }
      return true
    }
  }

  @Test func memoryAndOperationsCountTheSamples() throws {
    var (without, with) = (settings(steps: 8), settings(steps: 8))
    without.minillm = nil
    let student = try Tiny.configuration(.qwen2)
    func bytes(_ training: TrainingConfiguration) -> Int {
      TrainingMemory(
        model: student, training: training, teacher: .model(student, .f32), compute: compute
      ).teacherBytes
    }
    #expect(bytes(with) > bytes(without))
    let operations = ModelOperations(student)
    func account(_ training: TrainingConfiguration) -> ComputeAccount {
      var account = ComputeAccount()
      account.add(training, of: operations, steps: 8, textTokens: 900, length: 19)
      return account
    }
    let (plain, sampled) = (account(without), account(with))
    #expect(sampled.total > plain.total)
    // Two rollouts of twelve sequences of 13 positions, logits at six of them.
    let pass = operations.forward(length: 13) - 7 * operations.head
    #expect(abs(sampled.operations(of: [.studentSampling]) / (2 * 24 * pass) - 1) < 1e-12)
    let extra =
      sampled.operations(of: [.studentTraining]) - plain.operations(of: [.studentTraining])
    #expect(abs(extra / (3 * 8 * 6 * pass) - 1) < 1e-9)
    with.minillm?.textWeight = 0
    #expect(account(with).operations(of: [.teacherDistillation]) == 0)
  }
}
