import Foundation
import Store
import Tokenizers

/// What a build was asked for; another request does not go on from its state.
struct BuildIdentity: Codable, Sendable, Equatable {
  struct Input: Codable, Sendable, Equatable {
    var path: String
    var bytes: Int
    var modified: Int64
  }

  var settings: CorpusSettings
  var tokenizer: String
  /// Nil, as is what follows, in states of older programs.
  var tokenizerFingerprint: TokenizerFingerprint?
  var endOfText: Int32?
  var inputs: [Input]

  /// Whether both requests give the same bytes. A state that does not name its end-of-text token begins
  /// anew: chunks of two would stand in one corpus.
  func isSame(as other: Self) -> Bool {
    let tokenizers = [self, other]
      .map { TokenizerIdentity(digest: $0.tokenizer, fingerprint: $0.tokenizerFingerprint) }
    return settings == other.settings && inputs == other.inputs
      && tokenizers[0].isSame(as: tokenizers[1])
      && endOfText == other.endOfText
  }
}

/// Where a build was between two slabs: with the work files cut to the lengths named here, it goes
/// on and gives the bytes of a run that nobody stopped.
struct BuildState: Codable, Sendable, Equatable {
  /// What waits in the packer for one source.
  struct Waiting: Codable, Sendable, Equatable {
    /// Tokens, little-endian.
    var tokens: Data
    var pieces: [ChunkPiece]
  }

  var identity: BuildIdentity
  var position: ReaderPosition
  /// SHA-256 of the content before `position` where that is standard input.
  var prefixDigest: String?
  /// Files read to their end.
  var inputs: [InputSummary]
  /// Documents of the file in work.
  var openDocuments: Int
  var counts: [SourceCount]
  var rejects: RejectLog.Mark
  var writer: ShardWriterState
  var waiting: [Waiting]

  static let fileName = "state.json"
}

extension BuildState.Waiting {
  init(_ buffer: PackingBuffer) {
    tokens = buffer.waiting.withUnsafeBytes { Data($0) }
    pieces = buffer.pieces
  }

  /// The buffer as it was, in front of chunks that start with `lead`.
  func buffer(lead: Int32?) -> PackingBuffer {
    let count = tokens.count / MemoryLayout<Int32>.size
    var values: [Int32] = []
    tokens.withUnsafeBytes { bytes in
      for index in 0..<count {
        let offset = index * MemoryLayout<Int32>.size
        values.append(
          Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
      }
    }
    return PackingBuffer(lead: lead, waiting: values, pieces: pieces)
  }
}
