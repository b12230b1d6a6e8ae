import DifferenceSampling
import Store

/// What a person has written about chunks: `notes.jsonl`, a line each. Undoing a selection leaves them.
struct ChunkNotes: Sendable {
  /// By chunk.
  private(set) var texts: [Int: String] = [:]
  /// Longer ones are cut.
  static let limit = 500

  init() {}

  /// - Throws: `StoreError.malformed`; no file is no notes.
  init(path: String) throws(StoreError) {
    for line in try JSONLinesLog.read(ChunkNote.self, from: path) { texts[line.chunk] = line.note }
  }

  /// Writes about a chunk; nothing takes what was written away.
  mutating func set(_ text: String, of chunk: Int) {
    let flat = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    let line = String(String(flat).prefix(Self.limit)).trimmingSpaces
    texts[chunk] = line.isEmpty ? nil : line
  }

  /// All of them by chunk.
  var all: [ChunkNote] {
    texts.sorted { $0.key < $1.key }.map { ChunkNote(chunk: $0.key, note: $0.value) }
  }

  func write(to path: String) throws(StoreError) {
    var text = ""
    for note in all { text += try JSONFile.text(of: note, pretty: false) + "\n" }
    try AtomicFile.write(text: text, to: path)
  }
}

extension String {
  /// Without spaces at both ends.
  fileprivate var trimmingSpaces: String {
    let start = drop { $0 == " " }
    return String(start.prefix(start.count - start.reversed().prefix { $0 == " " }.count))
  }
}
