import Corpus
import LanguageModels
import Numerics
import Tokenizers
import Training

/// The documents of token shards, put together from their chunks.
///
/// Where the shards know the order of a document's parts (those that were packed do), a document comes
/// where its first chunk stands. Else its parts come one by one, and where no documents are known the
/// stretches of a chunk between end-of-text tokens.
final class ShardTexts: TextSource {
  private let path: String
  private let shards: TokenShards
  private let endOfText: Int32
  private let byteCounts: [Int]?
  private let limit: Int
  /// What the packer put before every chunk, if anything.
  private let chunkStart: Int32?
  private let prefix: [Int32]
  private let knowsDocuments: Bool
  private let joinsParts: Bool
  private var chunk = 0
  /// Texts of the chunk that was read last, in reverse.
  private var waiting: [EvaluatedText] = []
  private var textsOfChunk = 0
  private(set) var count = 0

  /// - Parameters:
  ///   - bytes: of every token, where they are known.
  ///   - tokenizer: that of the shards, if it is at hand.
  init(
    _ path: String, end: Int32, bytes: [Int]?, tokenizer: Tokenizer?, _ start: TextStart,
    limit: Int, _ work: Work
  ) throws {
    self.path = path
    self.limit = limit
    endOfText = end
    byteCounts = bytes
    shards = try TokenShards(ShardLocation(path))
    knowsDocuments = shards.isLabelled && shards.count > 0 && !shards.documents(of: 0).isEmpty
    joinsParts = knowsDocuments && shards.keepsTextOrder
    let packed = try CorpusBuilder.manifest(of: shards.folder)?.settings.packing
      .beginningOfSequence
    let candidate = packed ?? tokenizer.flatMap { TextFrame($0).prefix.last }
    let first = shards.count > 0 ? try shards.tokens(of: 0).first : nil
    chunkStart = candidate.flatMap { $0 == first ? $0 : nil }
    prefix =
      switch start {
      case .tokenizer: chunkStart.map { [$0] } ?? []
      case .none: []
      case .boundary: [chunkStart ?? end]
      }
    if !knowsDocuments {
      work.note(
        "\(path) does not say which documents its chunks are of: what stands between end-of-text "
          + "tokens in a chunk is taken for a text")
    } else if !joinsParts {
      work.note(
        "\(path) does not keep the order of a document's parts: each part of a document in a chunk is "
          + "read for itself")
    }
  }

  var sources: [String] { shards.sources }

  /// By chunks, since nobody knows the documents before they are read, or by the limit.
  var progress: (before: Double, current: Double)? {
    let share = 1 / Double(max(1, shards.count)) / Double(max(1, textsOfChunk))
    let place = textsOfChunk - waiting.count - 1
    let before = Double(max(0, chunk - 1)) / Double(max(1, shards.count))
    let byChunks = before + share * Double(max(0, place))
    let byLimit = Double(max(0, count - 1)) / Double(limit)
    return byLimit > byChunks ? (byLimit, 1 / Double(limit)) : (byChunks, share)
  }

  func next() throws -> EvaluatedText? {
    guard count < limit else { return nil }
    while waiting.isEmpty {
      guard chunk < shards.count else { return nil }
      waiting = try texts(of: chunk).reversed()
      textsOfChunk = waiting.count
      chunk += 1
      if chunk % 4096 == 0 { shards.release(0..<chunk) }
    }
    count += 1
    return waiting.removeLast()
  }

  func finish(_ work: Work) throws { try shards.requireUnchanged() }

  /// The texts that a chunk gives: those that begin in it.
  private func texts(of chunk: Int) throws -> [EvaluatedText] {
    let source = shards.source(of: chunk)
    if joinsParts {
      return try shards.documents(of: chunk).compactMap { piece in
        let places = shards.places(ofDocument: piece.document)
        guard places.map(\.chunk).min() == chunk else { return nil }
        return text(
          try shards.tokens(of: places, beginningOfSequence: chunkStart), piece.document, source)
      }
    }
    var tokens = try shards.tokens(of: chunk)[...]
    if knowsDocuments {
      let pieces = shards.documents(of: chunk)
      let ends = pieces.dropFirst().map { Int($0.tokenStart) } + [tokens.count]
      return zip(pieces, ends).compactMap { piece, end in
        let start = Int(piece.tokenStart)
        guard start >= 0, start < end, end <= tokens.count else { return nil }
        let part = tokens[start..<end]
        return text(
          Array(start == 0 && part.first == chunkStart ? part.dropFirst() : part), piece.document,
          source)
      }
    }
    if let chunkStart, tokens.first == chunkStart { tokens = tokens.dropFirst() }
    var texts: [EvaluatedText] = []
    while !tokens.isEmpty {
      let end = tokens.firstIndex(of: endOfText).map { $0 + 1 } ?? tokens.endIndex
      texts.append(text(Array(tokens[..<end]), nil, source))
      tokens = tokens[end...]
    }
    return texts
  }

  private func text(_ tokens: [Int32], _ document: Int64?, _ source: Int) -> EvaluatedText {
    let counted = prefix.isEmpty ? tokens.dropFirst() : tokens[...]
    return EvaluatedText(
      document: document, source: source, tokens: prefix + tokens,
      firstTarget: max(1, prefix.count), bytes: bytes(of: counted))
  }

  /// Bytes of targets; an end of text stands for none.
  private func bytes(of tokens: ArraySlice<Int32>) -> Int? {
    guard let byteCounts else { return nil }
    var sum = 0
    for token in tokens where token != endOfText {
      guard byteCounts.indices.contains(Int(token)) else { return nil }
      sum += byteCounts[Int(token)]
    }
    return sum
  }
}
