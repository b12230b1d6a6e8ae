import LanguageModels
import TensorKit

/// AdamW over a parameter store: which ranges decay, the gradient's norm, one update.
struct AdamWOptimizer {
  /// A run of floats with one weight decay.
  struct DecayRange: Equatable {
    var range: Range<Int>
    var decays: Bool
  }

  private let store: ParameterStore
  private let ops: Ops
  private let scratch: Arena
  private let ranges: [DecayRange]
  private let configuration: TrainingConfiguration

  /// An optimiser for `store`; maps gradients and moments as zeros where they do not exist yet.
  init(store: ParameterStore, ops: Ops, configuration: TrainingConfiguration) throws {
    self.store = store
    self.ops = ops
    self.configuration = configuration
    ranges = Self.ranges(of: store.table, policy: configuration.decayPolicy)
    for role in [ParameterStore.Role.gradients, .firstMoment, .secondMoment] {
      _ = try store.values(role)
    }
    // Room for one partial sum a block of the gradient norm.
    scratch = try Arena(floats: store.table.floatCount / 1024 + 1024)
  }

  /// Ranges of equal treatment that cover every float; padding goes with the tensor before it, and
  /// being zero stays zero.
  static func ranges(of table: ParameterTable, policy: DecayPolicy) -> [DecayRange] {
    if policy == .all { return [DecayRange(range: 0..<table.floatCount, decays: true)] }
    let entries = table.entries.filter { $0.tiedTo == nil }.sorted { $0.offset < $1.offset }
    var ranges: [DecayRange] = []
    for (index, entry) in entries.enumerated() {
      let end = index + 1 < entries.count ? entries[index + 1].offset : table.floatCount
      // A_log is a matrix in shape only.
      let decays = entry.shape.count > 1 && !entry.name.hasSuffix(".A_log")
      if let last = ranges.last, last.decays == decays {
        ranges[ranges.count - 1].range = last.range.lowerBound..<end
      } else {
        ranges.append(DecayRange(range: entry.offset..<end, decays: decays))
      }
    }
    return ranges
  }

  /// Forgets the gradients of the step before.
  func clearGradients() throws {
    let gradients = try store.values(.gradients)
    if let start = gradients.baseAddress { ops.clear(start, count: gradients.count) }
  }

  /// The global norm of the gradient; infinite or nan if any value is.
  func gradientNorm() throws -> Double {
    let gradients = try store.values(.gradients)
    guard let start = gradients.baseAddress else { return 0 }
    return try ops.sumOfSquares(start, count: gradients.count, scratch: scratch).squareRoot()
  }

  /// What a gradient of `norm` is multiplied by, as `torch.nn.utils.clip_grad_norm_` does.
  func clippingScale(norm: Double) -> Double {
    guard let limit = configuration.gradientClip else { return 1 }
    return min(1, limit / (norm + 1e-6))
  }

  /// Applies update number `update` (from 1).
  func apply(update: Int, learningRate: Double, gradientScale: Double) throws {
    let weights = try store.values(.weights)
    let gradients = try store.values(.gradients)
    let first = try store.values(.firstMoment)
    let second = try store.values(.secondMoment)
    guard let w = weights.baseAddress, let g = gradients.baseAddress, let m = first.baseAddress,
      let v = second.baseAddress
    else { return }
    for part in ranges {
      let start = part.range.lowerBound
      ops.adamW(
        weights: w + start, gradients: g + start, firstMoment: m + start,
        secondMoment: v + start, count: part.range.count,
        step: AdamWStep(
          learningRate: Float(learningRate), beta1: Float(configuration.beta1),
          beta2: Float(configuration.beta2), epsilon: Float(configuration.epsilon),
          weightDecay: part.decays ? Float(configuration.weightDecay) : 0,
          gradientScale: Float(gradientScale), step: update))
    }
  }
}
