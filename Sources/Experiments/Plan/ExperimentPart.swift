/// One part of an experiment: a verb, done when its result stands on disk.
public struct ExperimentPart: Sendable {
  enum Kind: Sendable {
    case corpus
    case tokenizer
    case pack(CorpusPart)
    /// The teacher or the reference.
    case scorer(String)
    case score
    case select(ExperimentSelection)
    /// The teacher writes the text of an arm.
    case write(ExperimentArm)
    case student(ExperimentStudent)
    case report

    /// As people read it; each part has its own.
    var name: String {
      switch self {
      case .corpus: "corpus"
      case .tokenizer: "tokenizer"
      case .pack(let part): "pack \(part.rawValue)"
      case .scorer(let role): role
      case .score: "scores"
      case .select(let selection): "select \(selection.arm.name)"
      case .write(let arm): "text \(arm.name)"
      case .student(let student): "student \(student.name)"
      case .report: "report"
      }
    }
  }

  /// What a part costs; zero where it does not compute.
  public struct Cost: Sendable, Equatable, Encodable {
    /// Optimiser steps.
    public var steps = 0
    /// Input tokens.
    public var tokens = 0.0
    /// Floating-point operations, without evaluation.
    public var flops = 0.0
    /// On this machine; nil where that was not measured.
    public var seconds: Double?

    public init(
      steps: Int = 0, tokens: Double = 0, flops: Double = 0, seconds: Double? = nil
    ) {
      self.steps = steps
      self.tokens = tokens
      self.flops = flops
      self.seconds = seconds
    }

    static func + (one: Cost, other: Cost) -> Cost {
      Cost(
        steps: one.steps + other.steps, tokens: one.tokens + other.tokens,
        flops: one.flops + other.flops,
        seconds: one.seconds == nil && other.seconds == nil
          ? nil : (one.seconds ?? 0) + (other.seconds ?? 0))
    }
  }

  let kind: Kind
  public var name: String { kind.name }
  /// Names of the parts whose results it reads.
  public let needs: [String]
  public let cost: Cost
}
