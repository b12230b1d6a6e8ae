import LanguageModels
import TensorKit

/// Samples the sequences of one rollout, and lets both models score them.
///
/// Random numbers are functions of seed, rollout and sequence: a rollout that was broken off is the same
/// when it is made again from the same weights.
struct RolloutMaker {
  let number: Int
  let settings: MiniLLMSettings
  let training: TrainingConfiguration
  let teacher: TeacherModel
  let student: any CausalLanguageModel
  let workspace: Workspace
  let scratch: Arena

  /// Nil where `goesOn` said no; it is asked behind every token and every pass.
  func make(
    _ prompts: [(chunk: Int, tokens: [Int32])], goesOn: (RolloutProgress) throws -> Bool
  ) throws -> Rollout? {
    let started = ContinuousClock.now
    func progress(_ done: Int, _ share: Double, isScoring: Bool) -> RolloutProgress {
      let seconds = (ContinuousClock.now - started) / .seconds(1)
      return RolloutProgress(
        rollout: number + 1, sequencesDone: done, sequences: prompts.count, isScoring: isScoring,
        secondsLeft: share > 0.02 ? seconds / share * (1 - share) : nil)
    }
    guard
      var sequences = try sample(
        prompts,
        goesOn: { done, share in
          try goesOn(progress(done, share * Self.samplingShare, isScoring: false))
        })
    else { return nil }
    let size = training.chunksPerMicroBatch
    for first in stride(from: 0, to: sequences.count, by: size) {
      let range = first..<min(first + size, sequences.count)
      try score(&sequences[range])
      let share =
        Self.samplingShare + (1 - Self.samplingShare) * Double(range.upperBound)
        / Double(sequences.count)
      guard try goesOn(progress(range.upperBound, share, isScoring: true)) else { return nil }
    }
    return Rollout(number: number, scored: sequences, settings)
  }

  /// Of a rollout's time, for its progress.
  private static let samplingShare = 0.9

  private func sample(
    _ prompts: [(chunk: Int, tokens: [Int32])], goesOn: (Int, Double) throws -> Bool
  ) throws -> [RolloutSequence]? {
    let generator = try generator()
    let most = Double(max(1, prompts.count * settings.newTokens))
    var sequences: [RolloutSequence] = []
    let batch = generator.plan.sequences
    for first in stride(from: 0, to: prompts.count, by: batch) {
      let range = first..<min(first + batch, prompts.count)
      let requests = range.map { index in
        GenerationRequest(prompt: index, sample: number, tokens: prompts[index].tokens)
      }
      var written = 0
      var last = Result<Bool, any Error>.success(true)
      let found = try generator.run(requests) { _, _ in
        written += 1
        let share = Double(first * settings.newTokens + written) / most
        last = Result { try goesOn(first, share) }
        return (try? last.get()) ?? false
      }
      _ = try last.get()
      guard let found else { return nil }
      for (index, continuation) in zip(range, found) {
        sequences.append(
          RolloutSequence(
            chunk: prompts[index].chunk, prompt: prompts[index].tokens, new: continuation.tokens,
            isFinished: continuation.stop == .endOfText, logProbabilities: [],
            teacherLogProbabilities: []))
      }
    }
    return sequences
  }

  /// A decoding state is of the weights that a model has now.
  private func generator() throws -> Generator {
    let (own, other) = (student.configuration, teacher.model.configuration)
    return try Generator(
      model: student,
      sampling: SamplingSettings(temperature: settings.temperature, seed: training.seed),
      maximumNewTokens: settings.newTokens, endOfText: training.endOfSequenceToken.map { [$0] },
      plan: settings.decodingPlan(
        own, precision: student.precision, compute: student.compute),
      mixture: GeneratorMixture(
        teacher: teacher.model, share: settings.teacherShare, temperature: settings.temperature,
        vocabularySize: own.vocabularySize,
        plan: settings.decodingPlan(
          other, precision: teacher.model.precision, compute: teacher.model.compute)))
  }

  /// log q and log p of every new token, by the passes that training makes: where a step begins with the
  /// weights that sampled it, ratios are 1.
  private func score(_ sequences: inout ArraySlice<RolloutSequence>) throws {
    let batch = PackedBatch(sampled: sequences.map { ($0.prompt, $0.new) }, weight: 0)
    let figures = try teacher.withHead(of: batch) { head in
      try student.policy(
        batch,
        PolicyRequest(
          teacher: head, temperature: Float(settings.temperature), scratch: scratch),
        workspace: workspace)
    }
    for (place, index) in sequences.indices.enumerated() {
      let end = batch.sequenceOffsets[place + 1]
      let range = end - sequences[index].new.count..<end
      sequences[index].logProbabilities = Array(figures.logProbabilities[range])
      sequences[index].teacherLogProbabilities = Array(figures.teacherLogProbabilities[range])
    }
    let isFinite = sequences.allSatisfy {
      ($0.logProbabilities + $0.teacherLogProbabilities).allSatisfy(\.isFinite)
    }
    if !isFinite { throw ModelError.logitsNotFinite }
  }
}
