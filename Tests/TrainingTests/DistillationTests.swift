import Corpus
import Foundation
import LanguageModels
import Numerics
import Store
import TensorKit
import Testing
import Training

/// Runs with a teacher: what they compute, log and record, and that stops change nothing.
@Suite struct DistillationTests: TaughtRuns {
  let compute: Compute

  init() throws { compute = try Tiny.compute(threads: 2) }

  private func settings(
    steps: Int, ratio: Double = 0.5, temperature: Double = 1
  ) -> TrainingConfiguration {
    var settings = Tiny.settings(steps: steps)
    settings.distillation = DistillationSettings(
      ratio: ratio, temperature: temperature, teacher: Self.identity)
    return settings
  }

  @Test(arguments: Tiny.Family.allCases, [1.0, 2])
  func bothLossesAreLogged(family: Tiny.Family, temperature: Double) throws {
    let folder = try TemporaryFolder()
    var settings = settings(steps: 5, ratio: 0.25, temperature: temperature)
    settings.logInterval = 2
    var measured: [Bool] = []
    try trainer(family, settings, folder.path) {
      if case .step(let metrics) = $0 {
        measured.append(metrics.distillation?.kdGradientShare != nil)
      }
    }.run()
    // The steps that are logged in any case.
    #expect(measured == [false, true, false, true, true])
    let steps = try steps(folder.path)
    #expect(steps.map(\.step) == [2, 4, 5])
    for step in steps {
      let parts = try #require(step.distillation)
      let loss = 0.75 * parts.lmLoss + 0.25 * temperature * temperature * parts.kdLoss
      let difference: Double = abs((step.loss ?? .nan) - loss)
      #expect(difference < 1e-9)
      #expect(parts.kdLoss > 0 && parts.teacherEntropy > 0 && parts.teacherEntropy < 4.2)
      let share = try #require(parts.kdGradientShare)
      #expect(share > 0 && share < 1)
    }
  }

  @Test func theStudentComesNearerToItsTeacher() throws {
    let folder = try TemporaryFolder()
    try trainer(.qwen2, settings(steps: 40, ratio: 1), folder.path).run()
    let losses = try steps(folder.path).compactMap { $0.distillation?.kdLoss }
    let (first, last) = (losses.prefix(5).max() ?? 0, losses.suffix(5).max() ?? .infinity)
    #expect(last < first)
  }

  @Test(arguments: Tiny.Family.allCases)
  func stopsAndKillsChangeNothing(family: Tiny.Family) throws {
    let settings = settings(steps: 7, temperature: 2)
    let whole = try TemporaryFolder()
    let undisturbed = try trainer(family, settings, whole.path)
    #expect(try undisturbed.run() == .finished)
    let expected = (bits: try Tiny.bits(undisturbed.model), facts: try Tiny.facts(whole.path))

    let stopped = try TemporaryFolder()
    var finished: [UInt32]?
    while finished == nil {
      let control = TrainingControl()
      let trainer = try trainer(family, settings, stopped.path, control: control) {
        if case .step = $0 { control.stop() }
      }
      if try trainer.run() == .finished { finished = try Tiny.bits(trainer.model) }
    }
    #expect(finished == expected.bits)
    #expect(try Tiny.facts(stopped.path) == expected.facts)

    let killed = try TemporaryFolder()
    finished = nil
    for last in 1...8 where finished == nil {
      let trainer = try trainer(family, settings, killed.path)
      for _ in 0..<last where finished == nil {
        if try trainer.advance() == .finished { finished = try Tiny.bits(trainer.model) }
      }
    }
    #expect(finished == expected.bits)
    #expect(try Tiny.facts(killed.path) == expected.facts)
  }

  @Test func microBatchesAddUp() throws {
    let losses = try [1, 3, 6].map { size in
      let folder = try TemporaryFolder()
      var settings = settings(steps: 6)
      settings.chunksPerMicroBatch = size
      try trainer(.qwen2, settings, folder.path).run()
      return try steps(folder.path).map { step in
        let parts = try #require(step.distillation)
        return [
          parts.lmLoss, parts.kdLoss, try #require(parts.lmGradientNorm),
          try #require(parts.kdGradientNorm),
        ]
      }
    }
    for other in losses.dropFirst() {
      for (a, b) in zip(losses[0].joined(), other.joined()) {
        let (difference, most): (Double, Double) = (abs(a - b), 1e-3 * (0.01 + abs(a)))
        #expect(difference < most)
      }
    }
  }

  @Test func anotherTeacherOrRatioIsRefused() throws {
    let folder = try TemporaryFolder()
    let begun = settings(steps: 3)
    try trainer(.qwen2, begun, folder.path).run()
    var changed = begun
    changed.distillation?.ratio = 0.25
    #expect {
      try trainer(.qwen2, changed, folder.path).run()
    } throws: { error in
      guard
        case .configurationChanged(let field, let found, let expected)? = error as? TrainingError
      else { return false }
      return field == "distillation" && found.hasPrefix("ratio 0.25, ")
        && expected == "ratio 0.5, temperature 1.0, teacher teacher (sha256 001122334455) in f32"
    }
    #expect(throws: TrainingError.self) {
      try trainer(.qwen2, Tiny.settings(steps: 3), folder.path).run()
    }
    var nobody = begun
    nobody.distillation = nil
    #expect(throws: TrainingError.self) { try trainer(.qwen2, nobody, folder.path) }
    nobody.distillation = begun.distillation
    nobody.distillation?.temperature = 0
    #expect(throws: TrainingError.self) { try trainer(.qwen2, nobody, folder.path) }
  }

  @Test func memoryCountsTheTeacher() throws {
    let settings = settings(steps: 1)
    let student = try Tiny.configuration(.qwen2)
    let plain = TrainingMemory(model: student, training: settings, compute: compute)
    #expect(plain.teacherBytes == 0)
    func bytes(_ teacher: PlannedTeacher) -> Int {
      let memory = TrainingMemory(
        model: student, training: settings, teacher: teacher, compute: compute)
      #expect(memory.totalBytes == plain.totalBytes + memory.teacherBytes)
      return memory.teacherBytes
    }
    let large = try ModelConfiguration(
      .qwen2,
      ModelSizes(
        vocabularySize: 3000, hiddenSize: 512, intermediateSize: 2048, layerCount: 8, headCount: 8))
    let logits = bytes(.cache(vocabularySize: 3000))
    #expect(
      logits
        == Ops.distillationScratch(
          tokens: settings.tokensPerMicroBatch, vocabulary: Tiny.vocabularySize, precision: .f32))
    #expect(bytes(.model(large, .f32)) > 4 * large.parameterCount + logits)
    #expect(bytes(.model(large, .int8)) < bytes(.model(large, .f32)))
    #expect {
      try TrainingMemory.check(
        model: student, training: settings, teacher: .model(large, .f32), compute: compute,
        limitBytes: plain.totalBytes + 1000)
    } throws: { $0 is TrainingError }
  }
}
