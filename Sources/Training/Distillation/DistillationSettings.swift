public import Store
public import TensorKit

/// Vanilla KD: what of a run's loss is drawn to a teacher, and to which.
///
/// The loss of a token is (1 - ratio) LM + ratio T^2 KL(teacher || student), the divergence over the
/// vocabulary that both share, at temperature T. thu-coai/MiniPLM has T = 1 and writes the divergence
/// as a cross-entropy, which has the same gradient and is larger by the teacher's entropy.
public struct DistillationSettings: Codable, Sendable, Equatable {
  /// Share of the divergence in the loss, k.
  public var ratio: Double
  public var temperature: Double
  public var teacher: DistillationTeacher

  /// Name of the file in a model's folder that says how it was distilled.
  public static let fileName = "distillation.json"

  public init(ratio: Double, temperature: Double, teacher: DistillationTeacher) {
    self.ratio = ratio
    self.temperature = temperature
    self.teacher = teacher
  }

  /// As the kernels take it.
  var loss: HeadDistillation {
    HeadDistillation(ratio: Float(ratio), temperature: Float(temperature))
  }

  /// The loss of both parts.
  func joined(likelihood: Double, divergence: Double) -> Double {
    (1 - ratio) * likelihood + ratio * temperature * temperature * divergence
  }

  /// The settings of the record in a model's folder; nil if there is none.
  public static func read(folder: String) throws(StoreError) -> DistillationSettings? {
    let path = "\(folder)/\(fileName)"
    return Folder.exists(path) ? try JSONFile.read(Self.self, from: path) : nil
  }

  /// Writes the record into a model's folder.
  public func write(folder: String) throws(StoreError) {
    try JSONFile.write(self, to: "\(folder)/\(Self.fileName)")
  }

  /// Checks both numbers.
  ///
  /// - Throws: `TrainingError.invalidSetting`.
  public func validate() throws(TrainingError) {
    guard ratio >= 0, ratio <= 1 else {
      throw .invalidSetting(field: "kdRatio", found: "\(ratio)", expected: "0 to 1")
    }
    guard temperature.isFinite, temperature >= 0.01, temperature <= 1000 else {
      throw .invalidSetting(field: "temperature", found: "\(temperature)", expected: "0.01 to 1000")
    }
  }
}

/// Who teaches: what a resumed run must find again, and what the account of operations needs.
public struct DistillationTeacher: Codable, Sendable, Equatable {
  public var model: ArtifactIdentity
  /// In which it computes, or has computed.
  public var precision: Precision
  public var parameters: Int
  /// Floating-point operations of its forward pass for an input token of a whole chunk.
  public var operationsPerToken: Double
  /// What was kept of its distributions; nil where it computes them beside the student.
  public var cache: KeptTokens?

  public init(
    model: ArtifactIdentity, precision: Precision, parameters: Int, operationsPerToken: Double,
    cache: KeptTokens? = nil
  ) {
    self.model = model
    self.precision = precision
    self.parameters = parameters
    self.operationsPerToken = operationsPerToken
    self.cache = cache
  }
}

/// Which tokens of a distribution a cache keeps.
public enum KeptTokens: Codable, Sendable, Equatable, CustomStringConvertible {
  /// So many draws from it, with their counts: the gradient of the divergence has the right
  /// expectation.
  case draws(count: Int, seed: UInt64)
  /// The likeliest, with their probabilities made to sum to 1: a biased gradient.
  case likeliest(Int)

  /// Whether the expected gradient is another than that of the whole distribution.
  public var isBiased: Bool { if case .likeliest = self { true } else { false } }

  public var description: String {
    switch self {
    case .draws(let count, let seed): "\(count) draws a token by seed \(seed)"
    case .likeliest(let count): "the \(count) likeliest tokens (biased)"
    }
  }
}

// What a resumed run is compared with.
extension DistillationSettings: CustomStringConvertible {
  public var description: String {
    "ratio \(ratio), temperature \(temperature), teacher \(teacher)"
  }
}

extension DistillationTeacher: CustomStringConvertible {
  public var description: String {
    "\(model.name) (sha256 \(model.digest.prefix(12))) in \(precision.rawValue)"
      + (cache.map { ", \($0)" } ?? "")
  }
}
