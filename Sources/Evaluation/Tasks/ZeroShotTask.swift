/// The nine zero-shot tasks of the paper (section 3.1), by the names that lm-evaluation-harness has
/// for them.
public enum ZeroShotTask: String, Sendable, Codable, CaseIterable, Hashable {
  case hellaswag
  case lambadaOpenAI = "lambada_openai"
  case winogrande
  case openbookqa
  case arcEasy = "arc_easy"
  case arcChallenge = "arc_challenge"
  case piqa
  case socialIQA = "social_iqa"
  case storyCloze = "storycloze_2018"

  /// The task that a person means: the harness' name, or a short one, in any case of letters.
  public init?(name: String) {
    let key = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    guard let task = Self.byName[key] else { return nil }
    self = task
  }

  private static let byName: [String: ZeroShotTask] = [
    "hellaswag": .hellaswag, "hs": .hellaswag,
    "lambada": .lambadaOpenAI, "lambadaopenai": .lambadaOpenAI,
    "winogrande": .winogrande, "winograndexl": .winogrande, "wino": .winogrande,
    "openbookqa": .openbookqa, "obqa": .openbookqa,
    "arceasy": .arcEasy, "arce": .arcEasy,
    "arcchallenge": .arcChallenge, "arcc": .arcChallenge,
    "piqa": .piqa,
    "socialiqa": .socialIQA, "siqa": .socialIQA,
    "storycloze": .storyCloze, "storycloze2018": .storyCloze, "storycloze2016": .storyCloze,
  ]

  /// As people write it.
  public var title: String {
    switch self {
    case .hellaswag: "HellaSwag"
    case .lambadaOpenAI: "LAMBADA"
    case .winogrande: "WinoGrande"
    case .openbookqa: "OpenBookQA"
    case .arcEasy: "ARC-easy"
    case .arcChallenge: "ARC-challenge"
    case .piqa: "PIQA"
    case .socialIQA: "SIQA"
    case .storyCloze: "StoryCloze"
    }
  }

  /// What the harness measures on it.
  public var metrics: [TaskMetric] {
    switch self {
    case .hellaswag, .openbookqa, .arcEasy, .arcChallenge, .piqa: [.acc, .accNorm]
    case .winogrande, .socialIQA, .storyCloze: [.acc]
    case .lambadaOpenAI: [.acc, .perplexity]
    }
  }

  /// What MiniPLM's tables have of it: acc_norm where the task has it, else acc
  /// (evaluation/harness/evaluator.py of the published code).
  public var minipLMMetric: TaskMetric { metrics.contains(.accNorm) ? .accNorm : .acc }

  /// Accuracy of choosing blindly, for tasks of a fixed number of choices; LAMBADA's is 0. ARC has
  /// some questions with three or five choices.
  public var chance: Double {
    switch self {
    case .hellaswag, .openbookqa, .arcEasy, .arcChallenge: 0.25
    case .winogrande, .piqa, .storyCloze: 0.5
    case .socialIQA: 1.0 / 3
    case .lambadaOpenAI: 0
    }
  }

  /// The split that the harness evaluates, and its number of items.
  public var evaluatedSplit: (name: String, items: Int) {
    switch self {
    case .hellaswag: ("validation", 10_042)
    case .lambadaOpenAI: ("test", 5_153)
    case .winogrande: ("validation", 1_267)
    case .openbookqa: ("test", 500)
    case .arcEasy: ("test", 2_376)
    case .arcChallenge: ("test", 1_172)
    case .piqa: ("validation", 1_838)
    case .socialIQA: ("validation", 1_954)
    case .storyCloze: ("validation", 1_571)
    }
  }

  /// The fields that a row of the hub's data set has, for messages.
  public var expectedFields: [String] {
    switch self {
    case .hellaswag: ["activity_label", "ctx_a", "ctx_b", "endings", "label"]
    case .lambadaOpenAI: ["text"]
    case .winogrande: ["sentence", "option1", "option2", "answer"]
    case .openbookqa: ["question_stem", "choices", "answerKey"]
    case .arcEasy, .arcChallenge: ["question", "choices", "answerKey"]
    case .piqa: ["goal", "sol1", "sol2", "label"]
    case .socialIQA: ["context", "question", "answerA", "answerB", "answerC", "label"]
    case .storyCloze:
      (1...4).map { "input_sentence_\($0)" }
        + ["sentence_quiz1", "sentence_quiz2", "answer_right_ending"]
    }
  }
}
