/// How documents are found in the inputs.
public struct ReaderOptions: Codable, Sendable, Equatable {
  /// Field of a JSON line that holds the text: a key, or keys joined by dots.
  public var textField = "text"
  /// Field that holds the source label.
  public var sourceField = "meta.pile_set_name"
  /// Field that holds the name of the document, if any.
  public var nameField: String?
  /// Label of JSON lines that name no source and stand in no folder.
  public var unlabelled = "unknown"
  /// A document that cannot be used ends the run instead of being counted.
  public var strict = false
  /// An empty text is a document of no tokens instead of being rejected.
  public var keepsEmptyTexts = false
  /// Longest line, and longest text file, in bytes.
  public var longestDocument = 64 << 20

  /// Fields of the Pile.
  public init() {}
}

extension ReaderOptions {
  /// Reads options that may be older than a setting, which then has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    textField = try values.decodeIfPresent(String.self, forKey: .textField) ?? textField
    sourceField = try values.decodeIfPresent(String.self, forKey: .sourceField) ?? sourceField
    nameField = try values.decodeIfPresent(String.self, forKey: .nameField)
    unlabelled = try values.decodeIfPresent(String.self, forKey: .unlabelled) ?? unlabelled
    strict = try values.decodeIfPresent(Bool.self, forKey: .strict) ?? strict
    keepsEmptyTexts =
      try values.decodeIfPresent(Bool.self, forKey: .keepsEmptyTexts) ?? keepsEmptyTexts
    longestDocument =
      try values.decodeIfPresent(Int.self, forKey: .longestDocument) ?? longestDocument
  }
}
