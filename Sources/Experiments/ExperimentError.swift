public import Store

/// What an experiment cannot work with, beyond the errors of the verbs that it is made of.
public enum ExperimentError: ActionableError, Equatable {
  /// A key of a recipe that is missing, unknown, or has a value that cannot work.
  case recipe(path: String, key: String, found: String, expected: String)
  /// The folder holds an experiment of another recipe.
  case otherRecipe(folder: String, found: String, expected: String)
  /// A part needs the result of an earlier one.
  case missing(part: String, needs: String, path: String)
  /// What is computed before alone costs a student more than it may spend.
  case budget(student: String, scoring: Double, budget: Double)
  /// The ratio of an arm is less than one chunk.
  case emptyArm(arm: String, ratio: Double, chunks: Int)

  public var message: String {
    switch self {
    case .recipe(let path, let key, let found, let expected):
      "\(path): \(key.isEmpty ? "the whole" : key) is \(found), expected \(expected)."
    case .otherRecipe(let folder, let found, let expected):
      "\(folder) was made by another recipe: \(found) there, \(expected) in this one."
    case .missing(let part, let needs, let path):
      "To do \(part), \(needs) is needed; \(path) does not hold it."
    case .budget(let student, let scoring, let budget):
      "\(student) has \(scientific(budget)) FLOPs, and its share of scores or of text that the teacher writes takes \(scientific(scoring))."
    case .emptyArm(let arm, let ratio, let chunks):
      "\(arm) keeps no chunk: \(ratio) of \(chunks) is less than one."
    }
  }

  public var hint: String {
    switch self {
    case .recipe: "Correct it in that file."
    case .otherRecipe: "Use another folder (-o), or remove this one."
    case .missing: "Run the experiment again: the part that makes it comes first."
    case .budget:
      "Give students more tokens, or charge the scoring to more of them (scoring.charge)."
    case .emptyArm: "Raise the ratio under methods in the recipe, or give more text."
    }
  }
}

/// 1.23e+15.
private func scientific(_ value: Double) -> String {
  guard value.isFinite, value > 0 else { return "\(value)" }
  var (mantissa, exponent) = (value, 0)
  while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
  return "\((mantissa * 100).rounded() / 100)e\(exponent)"
}
