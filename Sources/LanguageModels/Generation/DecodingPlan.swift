public import TensorKit

/// The size of a decoding state, and the bytes that it will hold, known before anything is allocated.
public struct DecodingPlan: Sendable, Equatable {
  /// Sequences that are decoded together.
  public let sequences: Int
  /// Tokens of one sequence, prompt and new ones together.
  public let capacity: Int
  /// Tokens of one pass; longer prompts are taken in pieces.
  public let passTokens: Int
  public let weightBytes: Int
  /// Keys and values, or recurrent states.
  public let cacheBytes: Int
  /// Activations of one pass, and logits [sequences, V].
  public let activationBytes: Int

  public var totalBytes: Int { weightBytes + cacheBytes + activationBytes }

  /// Tokens of a pass unless one asks for another number.
  public static let defaultPassTokens = 1024

  /// Plans for `sequences` sequences of at most `capacity` tokens.
  public init(
    configuration: ModelConfiguration, sequences: Int, capacity: Int,
    passTokens: Int = defaultPassTokens, precision: Precision = .f32, compute: Compute
  ) {
    self.sequences = sequences
    self.capacity = capacity
    // A step has one token of every sequence; more than all prompts together are never needed.
    self.passTokens = max(sequences, min(passTokens, sequences * capacity))
    let memory = MemoryPlan(
      configuration: configuration, maximumTokens: self.passTokens, maximumSequences: sequences,
      precision: precision, purpose: .scoring, compute: compute)
    weightBytes = memory.weightBytes
    cacheBytes =
      MemoryLayout<Float>.size
      * DecodingSlots(configuration, sequences: sequences, capacity: capacity).floatCount
    activationBytes =
      memory.activationBytes + MemoryLayout<Float>.size
      * NextTokenBuffers(configuration, sequences: sequences).floatCount
  }

  /// Refuses what needs more than `limitBytes` and names what would fit.
  public static func check(
    configuration: ModelConfiguration, sequences: Int, capacity: Int,
    passTokens: Int = defaultPassTokens, precision: Precision = .f32, compute: Compute,
    limitBytes: Int
  ) throws(ModelError) -> DecodingPlan {
    guard sequences > 0, capacity > 0, passTokens > 0 else {
      throw .batch(
        found: "room for \(sequences) sequences of \(capacity) tokens",
        expected: "at least one of each")
    }
    func plan(_ sequences: Int, _ capacity: Int) -> DecodingPlan {
      DecodingPlan(
        configuration: configuration, sequences: sequences, capacity: capacity,
        passTokens: passTokens, precision: precision, compute: compute)
    }
    let growth = CacheGrowth(shorter: plan(1, 1024), longer: plan(1, 2048))
    if growth.bytes(sequences, capacity) > Double(limitBytes) * CacheGrowth.certainty {
      throw growth.refusal(sequences, capacity, limitBytes: limitBytes)
    }
    // What is left could be held: no product of its sizes overflows.
    let wanted = plan(sequences, capacity)
    if wanted.totalBytes <= limitBytes { return wanted }
    let fewer = largest(below: wanted.sequences) {
      plan($0, wanted.capacity).totalBytes <= limitBytes
    }
    let shorter = largest(below: wanted.capacity) { plan(1, $0).totalBytes <= limitBytes }
    throw .memory(
      neededBytes: wanted.totalBytes, limitBytes: limitBytes,
      fitting: fewer > 0
        ? "\(fewer) sequences of \(capacity) tokens fit; \(sequences) were asked for."
        : shorter > 0
          ? "One sequence of \(shorter) tokens, prompt and new ones together, fits; \(capacity) were "
            + "asked for."
          : "Its weights alone take \(wanted.weightBytes) bytes: use a smaller model or a machine "
            + "with more memory.")
  }

  /// The largest number below `limit` that fits, by bisection; 0 when none does.
  private static func largest(below limit: Int, _ fits: (Int) -> Bool) -> Int {
    var fitting = 0
    var tooMany = limit
    while tooMany - fitting > 1 {
      let middle = (fitting + tooMany) / 2
      if fits(middle) { fitting = middle } else { tooMany = middle }
    }
    return fitting
  }
}

/// Bytes of decoding states by sequences and tokens, as two plans show that they grow: for numbers
/// that no plan is made for.
private struct CacheGrowth {
  /// Bytes beside the sequences'.
  private let fixed: Double
  private let perSequence: Double
  private let perToken: Double

  /// What needs so many times the limit does not fit, whatever is rounded.
  static let certainty = 2.0
  /// Far more than any machine has.
  private static let mostBytes = 0x1p60

  /// - Parameters:
  ///   - shorter, longer: plans for one sequence.
  init(shorter: DecodingPlan, longer: DecodingPlan) {
    perToken =
      Double(longer.cacheBytes - shorter.cacheBytes) / Double(longer.capacity - shorter.capacity)
    perSequence = max(64, Double(shorter.cacheBytes) - perToken * Double(shorter.capacity))
    fixed = Double(shorter.weightBytes)
  }

  func bytes(_ sequences: Int, _ capacity: Int) -> Double {
    fixed + Double(sequences) * (perSequence + perToken * Double(capacity))
  }

  func refusal(_ sequences: Int, _ capacity: Int, limitBytes: Int) -> ModelError {
    let free = Double(limitBytes) - fixed
    let fewer = free / (perSequence + perToken * Double(capacity))
    let shorter = perToken > 0 ? (free - perSequence) / perToken : 0
    return .memory(
      neededBytes: Int(min(bytes(sequences, capacity), Self.mostBytes)), limitBytes: limitBytes,
      fitting: fewer >= 1
        ? "About \(Int(fewer)) sequences of \(capacity) tokens fit; \(sequences) were asked for."
        : shorter >= 1
          ? "One sequence of about \(Int(shorter)) tokens, prompt and new ones together, fits; "
            + "\(capacity) were asked for."
          : "Its weights alone take \(Int(fixed)) bytes: use a smaller model or a machine with more "
            + "memory.")
  }
}

/// Where the last hidden states [sequences, d] and the logits [sequences, V] of a pass lie.
struct NextTokenBuffers {
  let hidden: Slot
  let logits: Slot
  let floatCount: Int

  init(_ configuration: ModelConfiguration, sequences: Int) {
    var plan = BufferPlan()
    hidden = plan.reserve(sequences * configuration.hiddenSize)
    logits = plan.reserve(sequences * configuration.vocabularySize)
    floatCount = plan.floatCount
  }
}
