/// A place between two documents, to go on from.
struct ReaderPosition: Codable, Sendable, Equatable {
  /// Ordinal of the input file.
  var file = 0
  /// Byte offset of the next line in the content of that file.
  var offset = 0
  /// Lines before it.
  var line = 0
  /// Id that the next document gets.
  var document: Int64 = 0

  /// The start of the first input.
  init() {}
}
