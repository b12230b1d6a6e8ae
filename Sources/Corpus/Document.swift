/// A text as it was read: the unit that a corpus is made of, before packing.
public struct Document: Sendable, Equatable {
  /// Ordinal among the usable documents of all inputs, from 0, in the order of the inputs.
  public var id: Int64
  /// Label of the kind of text, such as "Wikipedia (en)" or the name of a sub-folder.
  public var source: String
  /// The text, valid UTF-8 and not empty.
  public var text: [UInt8]
  /// The name of the document where the input gives one: a field, or the path of a text file.
  public var name: String?

  /// A document.
  public init(id: Int64, source: String, text: [UInt8], name: String? = nil) {
    self.id = id
    self.source = source
    self.text = text
    self.name = name
  }

  /// The text as a string.
  public var string: String { String(decoding: text, as: UTF8.self) }
}
