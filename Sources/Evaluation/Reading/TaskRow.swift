import Store

/// One row of a task's file: named values, and where they stand.
struct TaskRow {
  let path: String
  /// Line of the file, from 1; of a list in one JSON text the number of the element.
  let line: Int
  /// The row's number, from 0.
  let index: Int
  let fields: [String: JSONValue]

  /// Names of the fields, sorted, for messages.
  var names: [String] { fields.keys.sorted() }

  func has(_ names: String...) -> Bool { names.allSatisfy { fields[$0] != nil } }
}

/// Fields by their kind; every fault says where it stands and what was expected.
extension TaskRow {
  /// A string.
  func text(_ name: String, of task: ZeroShotTask) throws(EvaluationError) -> String {
    let value = try value(name, of: task)
    guard case .text(let text) = value else { throw wrong(name, value, "a string") }
    return text
  }

  /// Strings, at least one.
  func texts(_ name: String, of task: ZeroShotTask) throws(EvaluationError) -> [String] {
    try texts(try value(name, of: task), name)
  }

  /// The strings of a list, at least one.
  func texts(_ value: JSONValue, _ name: String) throws(EvaluationError) -> [String] {
    guard case .list(let items) = value, !items.isEmpty else {
      throw wrong(name, value, "a list of strings")
    }
    var result: [String] = []
    for item in items {
      guard case .text(let text) = item else { throw wrong(name, item, "strings only") }
      result.append(text)
    }
    return result
  }

  func value(_ name: String, of task: ZeroShotTask) throws(EvaluationError) -> JSONValue {
    guard let value = fields[name] else {
      throw .missingField(path: path, line: line, task: task, field: name, found: names)
    }
    return value
  }

  /// The right answer as it is spelt, a string or a whole number. What is not there, null, empty or
  /// -1 is an answer that is not given out.
  func label(_ name: String, of task: ZeroShotTask) throws(EvaluationError) -> String {
    guard let value = fields[name] else {
      throw .hiddenLabel(path: path, line: line, task: task, field: name, found: "nothing")
    }
    let spelling: String
    switch value {
    case .text(let text): spelling = PythonText.strip(text)
    case .integer(let number): spelling = String(number)
    case .null: spelling = ""
    default: throw wrong(name, value, "a string or a whole number")
    }
    if spelling.isEmpty || spelling == "-1" {
      throw .hiddenLabel(path: path, line: line, task: task, field: name, found: value.shown)
    }
    return spelling
  }

  /// The right answer as the index of one of `choices`, counted from `base` in the file.
  func labelIndex(
    _ name: String, of task: ZeroShotTask, choices: Int, from base: Int
  ) throws(EvaluationError) -> Int {
    let label = try label(name, of: task)
    guard let number = Int(label), (base..<base + choices).contains(number) else {
      throw .wrongLabel(
        path: path, line: line, field: name, found: "\"\(label.prefix(60))\"",
        expected: "a number from \(base) to \(base + choices - 1)")
    }
    return number - base
  }

  /// The row's own name under one of `names`; its number if it has none.
  func identity(_ names: String...) -> String {
    for name in names {
      switch fields[name] {
      case .text(let text) where !text.isEmpty: return text
      case .integer(let number): return String(number)
      default: continue
      }
    }
    return String(index)
  }

  func wrong(_ field: String, _ found: JSONValue, _ expected: String) -> EvaluationError {
    .wrongField(path: path, line: line, field: field, found: found.shown, expected: expected)
  }
}
