import Tokenizers

/// Turns chunks of one tokenizer into chunks of another, one for one.
///
/// Every part between end-of-text tokens is decoded without special tokens, encoded again, and
/// joined by the new end-of-text token; what exceeds the longest length is cut. Chunks are not
/// packed again, so scores of the old chunks hold for the new ones. A chunk that was cut inside a
/// character decodes to U+FFFD there. Keeps memory between chunks: one for each thread.
///
/// Source: method.md 2.2 (MiniPLM, convert_tokenization.py).
final class ChunkConverter {
  private let texts: TokenTexts
  private let encoder: TokenEncoder
  private let settings: ConversionSettings
  private var text: [UInt8] = []
  /// First old token and first new token of every part of a chunk.
  private var parts: [(old: Int, new: Int)] = []

  init(texts: TokenTexts, to tokenizer: Tokenizer, settings: ConversionSettings) {
    self.texts = texts
    self.settings = settings
    encoder = TokenEncoder(tokenizer)
  }

  /// The new tokens of a chunk.
  func convert(_ tokens: [Int32]) -> [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(settings.maximumLength + 64)
    parts.removeAll(keepingCapacity: true)
    if let first = settings.beginningOfSequence { result.append(first) }
    tokens.withUnsafeBufferPointer { tokens in
      var start = 0
      while true {
        let end = tokens[start...].firstIndex(of: settings.oldEndOfText) ?? tokens.count
        parts.append((old: start, new: result.count))
        text.removeAll(keepingCapacity: true)
        texts.append(UnsafeBufferPointer(rebasing: tokens[start..<end]), to: &text)
        text.withUnsafeBufferPointer { encoder.encode(utf8: $0, into: &result) }
        result.append(settings.newEndOfText)
        // What comes behind the longest length is cut whatever it is.
        if end == tokens.count || result.count > settings.maximumLength { break }
        start = end + 1
      }
    }
    result.removeLast()
    if result.count > settings.maximumLength {
      result.removeLast(result.count - settings.maximumLength)
    }
    if settings.beginningOfSequence == nil, result.count <= 1 {
      result.append(settings.newEndOfText)
    }
    return result
  }

  /// A chunk with its documents, which begin where their parts begin; those that were cut off are
  /// left out.
  func convert(_ tokens: [Int32], source: UInt16, pieces: [ChunkPiece]) -> PackedChunk {
    let new = convert(tokens)
    var moved: [ChunkPiece] = []
    moved.reserveCapacity(pieces.count)
    var part = 0
    for piece in pieces {
      while part + 1 < parts.count, parts[part + 1].old <= Int(piece.tokenStart) { part += 1 }
      // The beginning token belongs to the first document.
      let start = piece.tokenStart == 0 ? 0 : parts[part].new
      // Behind a cut the parts are not known any more.
      let isCut = start >= new.count || (moved.last.map { Int($0.tokenStart) >= start } ?? false)
      if isCut, !moved.isEmpty { continue }
      moved.append(ChunkPiece(document: piece.document, tokenStart: Int32(start)))
    }
    return PackedChunk(source: source, tokens: new, pieces: moved)
  }
}
