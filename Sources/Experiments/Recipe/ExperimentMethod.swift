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
  static var list: String {
    (allCases.map(\.rawValue) + ArmTeaching.Name.allCases.map(\.rawValue)).joined(separator: ", ")
      + ", or two of them as miniplm+\(ArmTeaching.Name.vanillaKD.rawValue)"
  }

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

/// One way to train a student: how its text is chosen, the share that is kept, and what it learns
/// from the teacher itself.
public struct ExperimentArm: Sendable, Hashable {
  public var method: ExperimentMethod
  /// Nil for the whole corpus.
  public var ratio: Double?
  /// Nil: nothing but the text.
  public var teaching: ArmTeaching?

  public init(_ method: ExperimentMethod, ratio: Double? = nil, teaching: ArmTeaching? = nil) {
    self.method = method
    self.ratio = ratio
    self.teaching = teaching
  }

  /// As a recipe names it: "miniplm", "vanilla-kd" on the whole corpus, "miniplm+vanilla-kd".
  public var methodName: String {
    let names = [
      method == .conventional && teaching != nil ? nil : method.rawValue, teaching?.name.rawValue,
    ]
    return names.compactMap { $0 }.joined(separator: "+")
  }

  /// "conventional", "miniplm-r0.50", "miniplm+vanilla-kd-r0.50": part of names of folders and the
  /// key of results.
  public var name: String {
    methodName + (ratio.map { "-r\(Self.label($0))" } ?? "") + (teaching?.suffix ?? "")
  }

  /// The arm of the same text without a teacher.
  var text: ExperimentArm { ExperimentArm(method, ratio: ratio) }

  /// Whether a teacher computes beside the student; whether it writes text for it first.
  var hasTeacherBeside: Bool {
    switch teaching {
    case .vanillaKD?, .miniLLM?: true
    case .seqKD?, nil: false
    }
  }
  var hasWrittenText: Bool { if case .seqKD? = teaching { true } else { false } }

  /// With up to four decimals, at least two.
  static func label(_ ratio: Double) -> String {
    let whole = Int((ratio * 10_000).rounded())
    var text = "\(whole / 10_000).\(String(whole % 10_000 + 10_000).dropFirst())"
    for _ in 0..<2 where text.hasSuffix("0") { text.removeLast() }
    return text
  }
}
