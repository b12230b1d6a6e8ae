/// Why a line or a file gave no document.
public enum RejectReason: String, Codable, Sendable, CaseIterable {
  case brokenJSON = "broken_json"
  case notAnObject = "not_an_object"
  case tooDeep = "nested_too_deep"
  case badUTF8 = "bad_utf8"
  case badString = "bad_escape_or_lone_surrogate"
  case missingText = "missing_text"
  case textNotString = "text_is_no_string"
  case emptyText = "empty_text"
  case tooLong = "too_long"
  case damagedStream = "damaged_stream"

  /// The reason in words.
  public var explanation: String {
    switch self {
    case .brokenJSON: "the JSON is broken"
    case .notAnObject: "the line is no JSON object"
    case .tooDeep: "the JSON is nested too deep"
    case .badUTF8: "the bytes are not UTF-8"
    case .badString: "a string holds a wrong escape or a lone surrogate"
    case .missingText: "the text field is missing"
    case .textNotString: "the text field is no string"
    case .emptyText: "the text is empty"
    case .tooLong: "the line is longer than allowed"
    case .damagedStream: "the compressed stream is damaged; what follows in the file is lost"
    }
  }
}

/// A line or file that gave no document: one line of a reject file.
public struct Reject: Codable, Sendable, Equatable {
  /// The input file.
  public var file: String
  /// Byte offset of the line in the content of the file (after decompression).
  public var offset: Int
  /// Number of the line, from 1; 0 for a whole file.
  public var line: Int
  /// Why.
  public var reason: RejectReason
  /// The first bytes of the line; bytes that are not UTF-8 show as U+FFFD.
  public var start: String
  /// Bytes of the line, without its end; 0 where it is not known.
  public var length: Int

  /// A record of one rejected line or file.
  public init(
    file: String, offset: Int, line: Int, reason: RejectReason, start: String, length: Int = 0
  ) {
    self.file = file
    self.offset = offset
    self.line = line
    self.reason = reason
    self.start = start
    self.length = length
  }
}
