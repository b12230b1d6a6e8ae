/// Where a document of a tokenized corpus came from, and what it was.
public struct DocumentRecord: Codable, Sendable, Equatable {
  /// Ordinal among the usable documents, as the labels of chunks name it.
  public var id: Int64
  /// The input file as it was named; "-" for the standard input.
  public var file: String
  /// Where its line, or its text, starts in the content of the file (after decompression).
  public var offset: Int
  /// Number of its line, from 1; 0 where the file is one text.
  public var line: Int
  /// Bytes of the text.
  public var bytes: Int
  /// Tokens, with the end-of-text token.
  public var tokens: Int
  /// `Fingerprint.hash64` of the text: equal texts have equal ones.
  public var fingerprint: UInt64
  /// Label of the source.
  public var source: String
}

/// What all parts of a document table share: `documents.json` beside them.
struct DocumentTableInfo: Codable, Sendable, Equatable {
  /// Documents in the table.
  var count: Int
  /// Documents in every part but the last.
  var partSize: Int
  /// Input files, by number.
  var files: [String]
  /// Labels, by number.
  var sources: [String]
  /// How the documents were found.
  var reader: ReaderOptions

  static let fileName = "documents.json"

  static func partName(_ number: Int) -> String { "documents_\(number).safetensors" }
}

/// One document as it stands in the rows of an open part: 46 bytes, little-endian.
struct DocumentRow {
  var offset: Int64
  var line: Int64
  var bytes: Int64
  var tokens: Int64
  var fingerprint: UInt64
  var file: Int32
  var source: UInt16

  static let size = 46

  func store(in target: UnsafeMutableRawBufferPointer) {
    target.storeBytes(of: offset.littleEndian, as: Int64.self)
    target.storeBytes(of: line.littleEndian, toByteOffset: 8, as: Int64.self)
    target.storeBytes(of: bytes.littleEndian, toByteOffset: 16, as: Int64.self)
    target.storeBytes(of: tokens.littleEndian, toByteOffset: 24, as: Int64.self)
    target.storeBytes(of: fingerprint.littleEndian, toByteOffset: 32, as: UInt64.self)
    target.storeBytes(of: file.littleEndian, toByteOffset: 40, as: Int32.self)
    target.storeBytes(of: source.littleEndian, toByteOffset: 44, as: UInt16.self)
  }
}
