/// HellaSwag's texts as the harness shows them to a model (`tasks/hellaswag/utils.py`).
enum HellaSwagText {
  /// The activity, a colon, and both halves of the context, the second one capitalised.
  static func query(activity: String, contextA: String, contextB: String) -> String {
    clean(activity + ": " + contextA + " " + PythonText.capitalize(contextB))
  }

  /// Takes out what extraction from WikiHow left behind. White space goes first, so that a bracket
  /// at an end may leave a space there.
  static func clean(_ text: String) -> String {
    var scalars = PythonText.strip(text.unicodeScalars)
    scalars = PythonText.replace(" [title]", with: ". ", in: scalars)
    scalars = withoutBrackets(scalars)
    scalars = PythonText.replace("  ", with: " ", in: scalars)
    return PythonText.string(scalars)
  }

  /// Without each bracket and what it holds up to the first closing one in its line: the regular
  /// expression `\[.*?\]`, whose dot stops at a line feed.
  private static func withoutBrackets(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == "[",
        let stop = text[index...].firstIndex(where: { $0 == "]" || $0 == "\n" }),
        text[stop] == "]"
      {
        index = stop + 1
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }
}
