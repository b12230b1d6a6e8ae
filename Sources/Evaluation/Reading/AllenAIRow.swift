import Store

/// Rows of ARC and OpenBookQA as their makers give them out: a question that holds its stem and a list
/// of choices, where the hub has both side by side.
enum AllenAIRow {
  /// The fields as the hub has them, the stem under both tasks' names; other rows as they are.
  static func flattened(_ fields: [String: JSONValue]) -> [String: JSONValue] {
    guard case .object(let question)? = fields["question"], let stem = question["stem"],
      case .list(let choices)? = question["choices"]
    else { return fields }
    var (texts, labels): ([JSONValue], [JSONValue]) = ([], [])
    for choice in choices {
      guard case .object(let members) = choice, let text = members["text"],
        let label = members["label"]
      else { return fields }
      texts.append(text)
      labels.append(label)
    }
    var result = fields
    result.merge(question) { outer, _ in outer }
    result["stem"] = nil
    result["question"] = stem
    result["question_stem"] = stem
    result["choices"] = .object(["text": .list(texts), "label": .list(labels)])
    return result
  }
}
