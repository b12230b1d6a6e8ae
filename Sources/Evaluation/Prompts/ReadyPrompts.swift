import Store

/// Items whose prompts somebody else has made: {task, id, context, contexts?, choices, gold}, with the
/// choices as they follow the context, spaces included.
enum ReadyPrompts {
  static func item(_ row: TaskRow, of task: ZeroShotTask) throws(EvaluationError) -> TaskItem {
    if let named = row.fields["task"], named != .null {
      let name = try row.text("task", of: task)
      guard let found = ZeroShotTask(name: name) else {
        throw .unknownTask(path: row.path, line: row.line, asked: task, found: name)
      }
      if found != task {
        throw .otherTask(path: row.path, line: row.line, asked: task, found: [found])
      }
    }
    let choices = try row.texts("choices", of: task)
    let contexts = try contexts(row, of: task, choices: choices.count)
    if task == .lambadaOpenAI, choices.count != 1 {
      throw .wrongField(
        path: row.path, line: row.line, field: "choices", found: "\(choices.count) choices",
        expected: "one, the last word")
    }
    let gold = try row.labelIndex("gold", of: task, choices: choices.count, from: 0)
    var requests: [TaskRequest] = []
    for (context, choice) in zip(contexts, choices) {
      requests.append(TaskRequest(context: context, continuation: choice))
    }
    let question = row.has("context") ? try row.text("context", of: task) : contexts[0]
    return TaskItem(
      id: row.identity("id"), index: row.index, requests: requests, choices: choices.map(bare),
      gold: gold, question: question)
  }

  /// One context a choice: `contexts`, or `context` for all.
  private static func contexts(
    _ row: TaskRow, of task: ZeroShotTask, choices: Int
  ) throws(EvaluationError) -> [String] {
    guard let value = row.fields["contexts"], value != .null else {
      return Array(repeating: try row.text("context", of: task), count: choices)
    }
    let contexts = try row.texts(value, "contexts")
    if contexts.count != choices {
      throw .wrongField(
        path: row.path, line: row.line, field: "contexts", found: "\(contexts.count) contexts",
        expected: "\(choices), one a choice")
    }
    return contexts
  }

  /// A choice without the one space that stands between it and its context.
  private static func bare(_ choice: String) -> String {
    choice.unicodeScalars.first == " " ? String(choice.unicodeScalars.dropFirst()) : choice
  }
}
