public import Corpus
import Numerics
public import Store

/// What can go wrong between a task's file and a decision.
public enum EvaluationError: ActionableError, Equatable {
  /// A file that cannot be read, or not decompressed.
  case corpus(CorpusError)
  /// A file of a kind that is not read here.
  case otherFormat(path: String, found: String, instead: String)
  /// A file without a row.
  case empty(path: String)
  /// A line that is no JSON object, or a table that is none.
  case malformed(path: String, line: Int, found: String, expected: String)
  /// Fields that no task has.
  case unknownFields(path: String, line: Int, task: ZeroShotTask, found: [String])
  /// A row of another task.
  case otherTask(path: String, line: Int, asked: ZeroShotTask, found: [ZeroShotTask])
  /// A row that names a task which is none of the nine.
  case unknownTask(path: String, line: Int, asked: ZeroShotTask, found: String)
  /// A field that a row lacks.
  case missingField(path: String, line: Int, task: ZeroShotTask, field: String, found: [String])
  /// A field that holds something else.
  case wrongField(path: String, line: Int, field: String, found: String, expected: String)
  /// A row without the right answer, as those of hidden test sets.
  case hiddenLabel(path: String, line: Int, task: ZeroShotTask, field: String, found: String)
  /// A label that names no choice.
  case wrongLabel(path: String, line: Int, field: String, found: String, expected: String)
  /// Scores that do not belong to an item.
  case wrongScores(task: ZeroShotTask, id: String, found: Int, expected: Int)
  /// Results of other items than they are compared with.
  case otherItems(found: String, expected: String)
  /// A file operation failed.
  case store(StoreError)

  public var message: String {
    switch self {
    case .corpus(let error): error.message
    case .otherFormat(let path, let found, _):
      "\(path) is \(found), expected JSON lines (plain, .gz or .zst)."
    case .empty(let path): "\(path): found no rows, expected one JSON object a line."
    case .malformed(let path, let line, let found, let expected):
      "\(path), line \(line): found \(found), expected \(expected)."
    case .unknownFields(let path, let line, let task, let found):
      "\(path), line \(line): found the fields \(Self.list(found)), expected those of "
        + "\(task.title): \(Self.list(task.expectedFields)); or context, choices and gold."
    case .otherTask(let path, let line, let asked, let found):
      "\(path), line \(line): found a row of \(found.map(\.title).joined(separator: " or ")), "
        + "expected one of \(asked.title)."
    case .unknownTask(let path, let line, let asked, let found):
      "\(path), line \(line): found the task \"\(found)\", expected \"\(asked.rawValue)\"."
    case .missingField(let path, let line, let task, let field, let found):
      "\(path), line \(line): found no field \"\(field)\", which \(task.title) has; there are "
        + "\(Self.list(found))."
    case .wrongField(let path, let line, let field, let found, let expected):
      "\(path), line \(line): found \(found) in \"\(field)\", expected \(expected)."
    case .hiddenLabel(let path, let line, let task, let field, let found):
      "\(path), line \(line): found \(found) as \"\(field)\": the right answer is hidden, as in "
        + "test sets of \(task.title) that are given out without answers."
    case .wrongLabel(let path, let line, let field, let found, let expected):
      "\(path), line \(line): found \(found) as \"\(field)\", expected \(expected)."
    case .wrongScores(let task, let id, let found, let expected):
      "\(task.title), item \(id): found \(Number.grouped(found)) scores, expected "
        + "\(Number.grouped(expected)), one a choice."
    case .otherItems(let found, let expected): "Found \(found), expected \(expected)."
    case .store(let error): error.message
    }
  }

  public var hint: String {
    switch self {
    case .corpus(let error): error.hint
    case .otherFormat(_, _, let instead): instead
    case .empty: "Fetch the file again, or name another."
    case .malformed: "Mend the line, or fetch the file again."
    case .unknownFields: "Name a file of the task, with the field names of the hub's data set."
    case .otherTask(let path, _, _, let found):
      "Name it as that task (\(found.map { "\($0.rawValue)=\(path)" }.joined(separator: " or "))), "
        + "or give another file."
    case .unknownTask: "Give a file of the task, or leave the field \"task\" out."
    case .missingField, .wrongField: "Mend the row; the others are read as that task, too."
    case .hiddenLabel(_, _, let task, let field, _):
      task == .piqa || task == .socialIQA
        ? "Take the \(task.evaluatedSplit.name) split. In the original release the answers stand in "
          + "a file beside it (.lst): join them into \"\(field)\"."
        : "Take the \(task.evaluatedSplit.name) split, which has the answers."
    case .wrongLabel: "Mend the row, or give the data set as the hub has it."
    case .wrongScores: "Score the items anew."
    case .otherItems: "Compare results of the same file, limit and task."
    case .store(let error): error.hint
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "(none)" : names.prefix(20).joined(separator: ", ")
  }
}
