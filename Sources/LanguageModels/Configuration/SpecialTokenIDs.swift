import Store

/// The token ids that config.json and generation_config.json name.
public struct SpecialTokenIDs: Sendable, Equatable {
  /// Start of text, if the family has one.
  public var beginning: Int?
  /// End of text; the first is the one that separates documents.
  public var end: [Int]
  /// Padding, if any.
  public var padding: Int?

  public init(beginning: Int? = nil, end: [Int] = [], padding: Int? = nil) {
    self.beginning = beginning
    self.end = end
    self.padding = padding
  }

  init(_ fields: ConfigurationFields) throws(ModelError) {
    beginning = try fields.tokenIDs("bos_token_id").first
    end = try fields.tokenIDs("eos_token_id")
    padding = try fields.tokenIDs("pad_token_id").first
  }

  /// The keys of config.json.
  public static let keys = ["bos_token_id", "eos_token_id", "pad_token_id"]

  var json: [String: JSONValue] {
    [
      "bos_token_id": beginning.map { .integer($0) } ?? .null,
      "eos_token_id": end.count > 1
        ? .list(end.map { .integer($0) }) : end.first.map { .integer($0) } ?? .null,
      "pad_token_id": padding.map { .integer($0) } ?? .null,
    ]
  }
}
