import Numerics

/// Continues prompts in batches: one packed pass over the prompts, then one token of every live
/// sequence a pass. Sequences that end leave the batch.
///
/// Not Sendable: it drives its model.
public final class Generator {
  public let plan: DecodingPlan
  public let sampler: TokenSampler
  /// New tokens of a sequence at most.
  public let maximumNewTokens: Int
  private let model: any CausalLanguageModel
  private let state: DecodingState
  private let endOfText: Set<Int32>
  /// Where tokens are drawn from a mixture with a teacher.
  private let mixture: GeneratorMixture?

  /// Takes the memory of `plan`. `endOfText` are the tokens that end a sequence, by default those of
  /// the model's configuration.
  ///
  /// - Parameter mixture: draws tokens together with the model, without filters; made for as many
  ///   sequences.
  public init(
    model: any CausalLanguageModel, sampling: SamplingSettings, maximumNewTokens: Int,
    endOfText: [Int32]? = nil, plan: DecodingPlan, mixture: GeneratorMixture? = nil
  ) throws {
    self.model = model
    self.plan = plan
    self.maximumNewTokens = maximumNewTokens
    self.endOfText = Set(
      endOfText ?? model.configuration.specialTokens.end.map { Int32(clamping: $0) })
    sampler = TokenSampler(sampling, compute: model.compute)
    self.mixture = mixture
    state = try DecodingState(for: model, plan: plan)
  }

  /// Continues `requests`, no more than the plan's sequences; nil when `onToken` has asked to stop.
  ///
  /// `onToken` is told the request's index and its newest token, and says whether to go on.
  /// - Throws: `ModelError.prompt` for a prompt that is empty, too long or holds a foreign token.
  public func run(
    _ requests: [GenerationRequest], onToken: (Int, Int32) -> Bool = { _, _ in true }
  ) throws -> [Continuation]? {
    for request in requests { try check(request) }
    guard requests.count <= plan.sequences else {
      throw ModelError.batch(
        found: "\(requests.count) sequences", expected: "at most \(plan.sequences), as planned")
    }
    var batch = Batch(requests, limits: requests.map(limit), seed: sampler.settings.seed)
    guard !batch.live.isEmpty else { return batch.continuations }
    for slot in requests.indices {
      state.reset(slot)
      mixture?.reset(slot)
    }
    for pieces in prefill(requests, batch.live) {
      guard try step(pieces, &batch, onToken) else { return nil }
    }
    while !batch.live.isEmpty {
      let pieces = batch.live.map { slot in
        DecodingPiece(slot: slot, tokens: batch.continuations[slot].tokens.suffix(1))
      }
      guard try step(pieces, &batch, onToken) else { return nil }
    }
    return batch.continuations
  }

  private struct Batch {
    var continuations: [Continuation]
    var streams: [RandomSource]
    /// New tokens of each sequence at most.
    let limits: [Int]
    /// Slots of the sequences that go on, ascending.
    var live: [Int]

    init(_ requests: [GenerationRequest], limits: [Int], seed: UInt64) {
      let source = RandomSource(seed: seed)
      continuations = requests.map { _ in Continuation() }
      streams = requests.map { source.split("prompt \($0.prompt) sample \($0.sample)") }
      self.limits = limits
      live = requests.indices.filter { limits[$0] > 0 }
    }
  }

  /// New tokens of a sequence at most.
  private func limit(_ request: GenerationRequest) -> Int {
    max(0, min(maximumNewTokens, request.maximumNewTokens ?? maximumNewTokens))
  }

  /// One pass, and one new token of every sequence whose piece wants logits.
  private func step(
    _ pieces: [DecodingPiece], _ batch: inout Batch, _ onToken: (Int, Int32) -> Bool
  ) throws -> Bool {
    let logits = try model.nextLogits(pieces, state: state)
    let slots = pieces.filter(\.wantsLogits).map(\.slot)
    var streams = slots.map { batch.streams[$0] }
    let choices =
      try mixture?.choose(logits, pieces, streams: &streams)
      ?? sampler.choose(logits, streams: &streams)
    var goesOn = true
    for (row, slot) in slots.enumerated() {
      batch.streams[slot] = streams[row]
      let choice = choices[row]
      batch.continuations[slot].tokens.append(choice.token)
      batch.continuations[slot].logProbabilities.append(choice.logProbability)
      if endOfText.contains(choice.token) {
        batch.continuations[slot].stop = .endOfText
        batch.live.removeAll { $0 == slot }
      } else if batch.continuations[slot].tokens.count == batch.limits[slot] {
        batch.live.removeAll { $0 == slot }
      }
      if !onToken(slot, choice.token) { goesOn = false }
    }
    return goesOn
  }

  /// The prompts of `slots` end to end in passes of the planned size; a long one is cut into pieces.
  private func prefill(_ requests: [GenerationRequest], _ slots: [Int]) -> [[DecodingPiece]] {
    var passes: [[DecodingPiece]] = []
    var pieces: [DecodingPiece] = []
    var room = plan.passTokens
    for slot in slots {
      let request = requests[slot]
      var rest = request.tokens[...]
      while !rest.isEmpty {
        let part = rest.prefix(room)
        rest = rest.dropFirst(part.count)
        pieces.append(
          DecodingPiece(
            slot: slot, tokens: Array(part), wantsLogits: rest.isEmpty,
            promptLength: request.tokens.count))
        room -= part.count
        if room == 0 {
          passes.append(pieces)
          pieces = []
          room = plan.passTokens
        }
      }
    }
    if !pieces.isEmpty { passes.append(pieces) }
    return passes
  }

  private func check(_ request: GenerationRequest) throws(ModelError) {
    if request.tokens.isEmpty {
      throw .prompt(
        found: "no tokens", expected: "at least one: text, or the model's beginning-of-text token")
    }
    let vocabulary = model.configuration.vocabularySize
    if let token = request.tokens.first(where: { $0 < 0 || Int($0) >= vocabulary }) {
      throw .prompt(found: "token \(token)", expected: "ids below \(vocabulary)")
    }
    // The last new token is never fed back.
    let new = limit(request)
    if request.tokens.count + max(0, new - 1) > plan.capacity {
      throw .prompt(
        found: "\(request.tokens.count) tokens",
        expected: "at most \(plan.capacity - max(0, new - 1)) with room for \(new) new ones, as "
          + "planned")
    }
  }
}
