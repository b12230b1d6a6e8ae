/// Which task a row is of, by the names of its fields.
enum TaskRecognition {
  /// What form a row has.
  enum Form: Equatable {
    /// Fields of a data set; two tasks may share them.
    case dataSet([ZeroShotTask])
    /// Prompts that are ready: context or contexts, choices, gold.
    case prompts
    /// Fields that no task has.
    case unknown
  }

  static func form(of row: TaskRow) -> Form {
    // CommonsenseQA has the fields of ARC, and this one.
    if row.has("question_concept") { return .unknown }
    if row.has("gold", "choices"), row.has("context") || row.has("contexts") { return .prompts }
    let tasks = dataSets.filter { entry in entry.fields.allSatisfy { row.fields[$0] != nil } }
    if let found = tasks.first { return .dataSet(found.tasks) }
    if StoryClozeRow.columns(of: row) != nil { return .dataSet([.storyCloze]) }
    return row.has("text") ? .dataSet([.lambadaOpenAI]) : .unknown
  }

  /// The fields that no other task has.
  private static let dataSets: [(fields: [String], tasks: [ZeroShotTask])] = [
    (["endings", "ctx_a"], [.hellaswag]),
    (["endings", "ctx"], [.hellaswag]),
    (["sentence", "option1", "option2"], [.winogrande]),
    (["question_stem", "question", "choices"], [.openbookqa, .arcEasy, .arcChallenge]),
    (["question_stem", "choices"], [.openbookqa]),
    (["goal", "sol1", "sol2"], [.piqa]),
    (["answerA", "answerB", "answerC"], [.socialIQA]),
    (["question", "choices"], [.arcEasy, .arcChallenge]),
  ]
}
