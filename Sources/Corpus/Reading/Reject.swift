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
  case notText = "not_text"
  case unreadable = "unreadable"

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
    case .tooLong: "the line or the text is longer than allowed"
    case .damagedStream: "the compressed stream is damaged; what follows in the file is lost"
    case .notText: "the file is no text"
    case .unreadable: "the file cannot be read"
    }
  }
}

extension RejectReason {
  /// What to do about it.
  var advice: String {
    switch self {
    case .brokenJSON:
      "Write the lines as one JSON object each; `jq -c .` finds the place that is wrong."
    case .notAnObject:
      "Give one JSON object a line; of lists or strings jq -c '.[]' or jq -c '{text: .}' make them."
    case .tooDeep: "Flatten the objects: at most 990 levels can be read."
    case .badUTF8:
      "Convert the file: iconv -f ENCODING -t UTF-8 FILE > NEW (WINDOWS-1252 for most western text)."
    case .badString:
      "Write the escapes as JSON has them; whole surrogate pairs alone are characters."
    case .missingText, .textNotString:
      "Name the field that holds the text with --text-field (--prompt-field for prompts)."
    case .emptyText:
      "Give files that hold text; of JSON lines another field may hold it, named with --text-field."
    case .tooLong: "Cut the text into documents of at most 64 MiB."
    case .damagedStream: "Fetch or copy the file again."
    case .notText: "Give text in UTF-8, or JSON lines."
    case .unreadable: "Check what the link leads to and its permissions."
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
