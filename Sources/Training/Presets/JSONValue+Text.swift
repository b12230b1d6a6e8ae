public import Store

extension JSONValue {
  /// The value that `text` is: `6`, `0.02`, `null`, `[1, 2]`. Documents are objects or lists, so that a
  /// single value is read as the one element of a list.
  ///
  /// - Returns: nil where it is none, or several.
  public init?(value text: String) {
    guard let document = try? JSONDocument(parsing: Array("[\(text)]".utf8)),
      case .list(let items) = JSONValue(document.root, of: document), items.count == 1
    else { return nil }
    self = items[0]
  }
}
