import Store

/// Makes items of the hub's rows as lm-evaluation-harness makes requests of them
/// (`tasks/NAME/*.yaml` with `api/task.py`, zero shots, no chat template).
enum TaskPrompts {
  /// What stands between a context and each of its choices.
  static let delimiter = " "

  static func item(_ row: TaskRow, of task: ZeroShotTask) throws(EvaluationError) -> TaskItem {
    switch task {
    case .hellaswag: try hellaswag(row)
    case .lambadaOpenAI: try lambada(row)
    case .winogrande: try winogrande(row)
    case .openbookqa: try openbookqa(row)
    case .arcEasy, .arcChallenge: try arc(row, task)
    case .piqa: try piqa(row)
    case .socialIQA: try socialIQA(row)
    case .storyCloze: try storyCloze(row)
    }
  }

  /// One context with several continuations, the form of most tasks.
  private static func item(
    _ id: String, _ row: TaskRow, context: String, choices: [String], gold: Int, question: String
  ) -> TaskItem {
    TaskItem(
      id: id, index: row.index,
      requests: choices.map { TaskRequest(context: context, continuation: delimiter + $0) },
      choices: choices, gold: gold, question: question)
  }

  private static func hellaswag(_ row: TaskRow) throws(EvaluationError) -> TaskItem {
    let query = HellaSwagText.query(
      activity: try row.text("activity_label", of: .hellaswag),
      contextA: try row.text("ctx_a", of: .hellaswag),
      contextB: try row.text("ctx_b", of: .hellaswag))
    let endings = try row.texts("endings", of: .hellaswag).map(HellaSwagText.clean)
    let gold = try row.labelIndex("label", of: .hellaswag, choices: endings.count, from: 0)
    return item(
      row.identity("ind"), row, context: query, choices: endings, gold: gold, question: query)
  }

  /// The last word after the last space; everything before it is the context.
  private static func lambada(_ row: TaskRow) throws(EvaluationError) -> TaskItem {
    let text = Array(try row.text("text", of: .lambadaOpenAI).unicodeScalars)
    let space = text.lastIndex(of: " ")
    let context = PythonText.string(Array(text[..<(space ?? 0)]))
    let word = PythonText.string(Array(text[(space.map { $0 + 1 } ?? 0)...]))
    return TaskItem(
      id: row.identity("id"), index: row.index,
      requests: [TaskRequest(context: context, continuation: " " + word)], choices: [word], gold: 0,
      question: context)
  }

  /// Partial evaluation (Trinh and Le 2018): the options stand in the contexts, and what is scored is
  /// the rest of the sentence behind them.
  private static func winogrande(_ row: TaskRow) throws(EvaluationError) -> TaskItem {
    let sentence = try row.text("sentence", of: .winogrande)
    let scalars = Array(sentence.unicodeScalars)
    guard let gap = scalars.firstIndex(of: "_") else {
      throw row.wrong("sentence", .text(sentence), "a sentence with a gap \"_\"")
    }
    let options = [
      try row.text("option1", of: .winogrande), try row.text("option2", of: .winogrande),
    ]
    let gold = try row.labelIndex("answer", of: .winogrande, choices: 2, from: 1)
    let before = PythonText.string(Array(scalars[..<gap]))
    let rest = PythonText.string(PythonText.strip(scalars[(gap + 1)...]))
    return TaskItem(
      id: row.identity("id", "qID"), index: row.index,
      requests: options.map {
        TaskRequest(context: before + $0, continuation: delimiter + rest)
      },
      choices: options, gold: gold, question: sentence)
  }

  private static func openbookqa(_ row: TaskRow) throws(EvaluationError) -> TaskItem {
    let stem = try row.text("question_stem", of: .openbookqa)
    let (choices, gold) = try keyedChoices(row, of: .openbookqa)
    return item(
      row.identity("id"), row, context: stem, choices: choices, gold: gold, question: stem)
  }

  private static func arc(
    _ row: TaskRow, _ task: ZeroShotTask
  ) throws(EvaluationError) -> TaskItem {
    let question = try row.text("question", of: task)
    let (choices, gold) = try keyedChoices(row, of: task)
    return item(
      row.identity("id"), row, context: "Question: \(question)\nAnswer:", choices: choices,
      gold: gold, question: question)
  }

  private static func piqa(_ row: TaskRow) throws(EvaluationError) -> TaskItem {
    let goal = try row.text("goal", of: .piqa)
    let choices = [try row.text("sol1", of: .piqa), try row.text("sol2", of: .piqa)]
    let gold = try row.labelIndex("label", of: .piqa, choices: 2, from: 0)
    return item(
      row.identity("id"), row, context: "Question: \(goal)\nAnswer:", choices: choices, gold: gold,
      question: goal)
  }

  private static func socialIQA(_ row: TaskRow) throws(EvaluationError) -> TaskItem {
    let context = try row.text("context", of: .socialIQA)
    let question = try row.text("question", of: .socialIQA)
    var choices: [String] = []
    for name in ["answerA", "answerB", "answerC"] {
      choices.append(try row.text(name, of: .socialIQA))
    }
    let gold = try row.labelIndex("label", of: .socialIQA, choices: 3, from: 1)
    return item(
      row.identity("id"), row, context: "Q: \(context) \(question)\nA:", choices: choices,
      gold: gold, question: "\(context) \(question)")
  }

  private static func storyCloze(_ row: TaskRow) throws(EvaluationError) -> TaskItem {
    guard let columns = StoryClozeRow.columns(of: row) else {
      throw .unknownFields(path: row.path, line: row.line, task: .storyCloze, found: row.names)
    }
    var sentences: [String] = []
    for name in columns.sentences { sentences.append(try row.text(name, of: .storyCloze)) }
    var endings: [String] = []
    for name in columns.endings { endings.append(try row.text(name, of: .storyCloze)) }
    let gold = try row.labelIndex(
      columns.answer ?? "answer_right_ending", of: .storyCloze, choices: 2, from: 1)
    let story = sentences.joined(separator: " ")
    return item(
      row.identity(columns.id ?? "story_id"), row, context: story, choices: endings, gold: gold,
      question: story)
  }

  /// Choices with a key each ("A", "B", ... or "1", "2", ...), and the index of the right one. Both
  /// of the hub's spellings: an object of two lists, or a list of objects.
  private static func keyedChoices(
    _ row: TaskRow, of task: ZeroShotTask
  ) throws(EvaluationError) -> (choices: [String], gold: Int) {
    let value = try row.value("choices", of: task)
    let form = "an object with the lists \"text\" and \"label\""
    guard case .object(let members) = value, let text = members["text"],
      let label = members["label"]
    else { throw row.wrong("choices", value, form) }
    let choices = try row.texts(text, "choices.text")
    let keys = try row.texts(label, "choices.label")
    if keys.count != choices.count {
      throw .wrongField(
        path: row.path, line: row.line, field: "choices.label", found: "\(keys.count) labels",
        expected: "\(choices.count), one a choice")
    }
    let key = PythonText.stripStart(try row.label("answerKey", of: task))
    guard let gold = keys.firstIndex(of: key) else {
      throw .wrongLabel(
        path: row.path, line: row.line, field: "answerKey", found: "\"\(key.prefix(60))\"",
        expected: "one of \(keys.joined(separator: ", "))")
    }
    return (choices, gold)
  }
}
