/// How documents are found in the inputs.
public struct ReaderOptions: Codable, Sendable, Equatable {
  /// Field of a JSON line that holds the text: a key, or keys joined by dots; several with commas
  /// between them are joined by blank lines. A dot may belong to a key; a backslash takes its meaning
  /// from a dot or a comma. A list of messages gives their contents, joined by blank lines.
  public var textField = "text"
  /// Field that holds the source label; nil: the lines name none.
  public var sourceField: String? = "meta.pile_set_name"
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
  private enum CodingKeys: String, CodingKey {
    case textField, sourceField, nameField, unlabelled, strict, keepsEmptyTexts, longestDocument
  }

  /// Reads options that may be older than a setting, which then has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    textField = try values.decodeIfPresent(String.self, forKey: .textField) ?? textField
    if values.contains(.sourceField) {
      sourceField = try values.decodeIfPresent(String.self, forKey: .sourceField)
    }
    nameField = try values.decodeIfPresent(String.self, forKey: .nameField)
    unlabelled = try values.decodeIfPresent(String.self, forKey: .unlabelled) ?? unlabelled
    strict = try values.decodeIfPresent(Bool.self, forKey: .strict) ?? strict
    keepsEmptyTexts =
      try values.decodeIfPresent(Bool.self, forKey: .keepsEmptyTexts) ?? keepsEmptyTexts
    longestDocument =
      try values.decodeIfPresent(Int.self, forKey: .longestDocument) ?? longestDocument
  }

  /// Writes a source of none as null: a missing key is an older file's, with the default.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(textField, forKey: .textField)
    try values.encode(sourceField, forKey: .sourceField)
    try values.encodeIfPresent(nameField, forKey: .nameField)
    try values.encode(unlabelled, forKey: .unlabelled)
    try values.encode(strict, forKey: .strict)
    try values.encode(keepsEmptyTexts, forKey: .keepsEmptyTexts)
    try values.encode(longestDocument, forKey: .longestDocument)
  }
}
