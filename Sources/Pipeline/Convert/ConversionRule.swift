public import Corpus
public import Tokenizers

/// Which tokens begin and end texts before and after a conversion, as far as a caller names them;
/// the rest follows from the tokenizers.
public struct ConversionRule: Sendable, Equatable {
  /// Family of the new tokenizer; nil: by its tokens.
  public var family: ModelFamily?
  /// End-of-text token of the old chunks, its string or its id; nil: the tokenizer's.
  public var oldEndOfText: String?
  /// End-of-text token of the new chunks; nil: the tokenizer's.
  public var newEndOfText: String?
  /// The token that every new chunk begins with; nil: the family's.
  public var beginningOfSequence: String?
  /// Most tokens of a new chunk.
  public var maximumLength: Int

  public init(
    family: ModelFamily? = nil, oldEndOfText: String? = nil, newEndOfText: String? = nil,
    beginningOfSequence: String? = nil, maximumLength: Int = 1025
  ) {
    self.family = family
    self.oldEndOfText = oldEndOfText
    self.newEndOfText = newEndOfText
    self.beginningOfSequence = beginningOfSequence
    self.maximumLength = maximumLength
  }

  /// The rule between two tokenizers.
  ///
  /// - Parameters:
  ///   - packed: the token that ends documents in the old chunks, where their records state it.
  ///   - places: where the tokenizers were read from, for what the files beside them name.
  /// - Throws: `PipelineError.setting` for a token that a tokenizer does not have.
  public func settings(
    from old: Tokenizer, to new: Tokenizer, packed: Int32? = nil,
    places: (old: String?, new: String?) = (nil, nil)
  ) throws -> ConversionSettings {
    var settings = ConversionSettings(
      oldEndOfText: try oldEndOfText == nil
        ? Self.packed(packed, in: old) ?? end(nil, "from-eos", of: old, places.old)
        : end(oldEndOfText, "from-eos", of: old, places.old),
      newEndOfText: try end(newEndOfText, "to-eos", of: new, places.new))
    settings.beginningOfSequence =
      if let beginningOfSequence {
        try Self.id(beginningOfSequence, "convert-bos", in: new)
      } else {
        try ConversionSettings.beginningOfSequence(of: new, family: family)
      }
    settings.maximumLength = maximumLength
    return settings
  }

  private static func packed(
    _ id: Int32?, in tokenizer: Tokenizer
  ) throws(PipelineError) -> Int32? {
    guard let id else { return nil }
    guard tokenizer.token(of: id) != nil else {
      throw .setting(
        name: "from-eos", found: "\(id), which the shards' record states",
        expected: "a token of the tokenizer")
    }
    return id
  }

  private func end(
    _ named: String?, _ setting: String, of tokenizer: Tokenizer, _ place: String?
  ) throws(PipelineError) -> Int32 {
    if let named { return try Self.id(named, setting, in: tokenizer) }
    guard let end = place.map(tokenizer.documentEnd(at:)) ?? tokenizer.documentEnd else {
      throw .setting(
        name: setting, found: "a tokenizer that names no end-of-text token",
        expected: "the token's string or id")
    }
    return end.id
  }

  /// The id of a token that is named by its string or by its id.
  private static func id(
    _ text: String, _ setting: String, in tokenizer: Tokenizer
  ) throws(PipelineError) -> Int32 {
    if let id = tokenizer.id(of: text) { return id }
    guard let id = Int32(text), id >= 0, Int(id) < tokenizer.vocabularySize else {
      throw .setting(
        name: setting, found: text,
        expected: "a token of the tokenizer, or an id below \(tokenizer.vocabularySize)")
    }
    return id
  }
}
