/// One file to read.
struct InputFile: Sendable, Equatable {
  /// What the lines of the file are.
  enum Kind: Sendable { case jsonLines, plainText }

  let path: String
  let kind: Kind
  /// Source of documents that name none themselves; nil for JSON lines outside a folder.
  let source: String?
  /// Name of a document that is the whole file.
  let name: String
  /// Whether somebody named it, not a folder around it: what cannot be read then ends the work
  /// instead of being counted.
  var isNamed = true
  /// Where it gives its bytes only once.
  var stream: StreamHead?

  /// The input that stands for the standard input.
  static let standardInput = "-"

  /// Whether it gives its bytes only once: standard input, a pipe, a device.
  var isStream: Bool { stream != nil }

  /// Size on disk and time of the last change; nothing of a stream.
  func status() throws(CorpusError) -> (size: Int, modified: Int64) {
    isStream ? (0, 0) : try fileStatus(path)
  }

  /// Size on disk; 0 of a stream.
  func size() throws(CorpusError) -> Int { try status().size }

  static func == (left: InputFile, right: InputFile) -> Bool {
    left.path == right.path && left.kind == right.kind && left.source == right.source
      && left.name == right.name && left.stream === right.stream
  }
}
