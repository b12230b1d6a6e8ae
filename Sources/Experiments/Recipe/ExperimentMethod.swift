/// How the corpus of a student is chosen: the method, what it is compared with, and the controls that
/// the same scores give for nothing.
public enum ExperimentMethod: String, Sendable, CaseIterable {
  /// Difference sampling: the highest log p_teacher - log p_reference.
  case miniplm
  /// Pre-training without selection, on the whole corpus.
  case conventional
  /// The same on a uniform sample with as many tokens as difference sampling keeps at the ratio.
  case uniform
  /// Control: the lowest differences.
  case lowestDifference = "lowest-difference"
  /// Control: what the reference finds hardest, without a teacher.
  case highestReferenceLoss = "highest-reference-loss"
  /// Control: what the reference finds easiest.
  case lowestReferenceLoss = "smallest-reference-loss"

  /// Every name, as a sentence lists them.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// Whether it keeps a share of the corpus.
  public var hasRatio: Bool { self != .conventional }

  /// Whether the choice needs the losses of the teacher, of the reference.
  public var needsTeacher: Bool { self == .miniplm || self == .lowestDifference }
  public var needsReference: Bool { self != .conventional && self != .uniform }

  /// Whether it is neither the method nor what the method is compared with.
  public var isControl: Bool {
    switch self {
    case .lowestDifference, .highestReferenceLoss, .lowestReferenceLoss: true
    case .miniplm, .conventional, .uniform: false
    }
  }
}

/// One way to choose the corpus: a method, and the share that it keeps.
public struct ExperimentArm: Sendable, Hashable {
  public var method: ExperimentMethod
  /// Nil for the whole corpus.
  public var ratio: Double?

  public init(_ method: ExperimentMethod, ratio: Double? = nil) {
    self.method = method
    self.ratio = ratio
  }

  /// "conventional", "miniplm-r0.50": part of names of folders and the key of results.
  public var name: String {
    ratio.map { "\(method.rawValue)-r\(Self.label($0))" } ?? method.rawValue
  }

  /// With up to four decimals, at least two.
  private static func label(_ ratio: Double) -> String {
    let digits = String(Int((ratio * 10_000).rounded()) + 100_000).dropFirst()
    var text = "\(digits.first ?? "0").\(digits.dropFirst())"
    for _ in 0..<2 where text.hasSuffix("0") { text.removeLast() }
    return text
  }
}
