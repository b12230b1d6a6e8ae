import CSimdjson
import Glibc
import Store

/// A document inside a slab, as a worker found it.
struct SlabDocument {
  /// Label of its source, an index into the labels of the slab.
  var label: Int32
  /// Where its line, or its text, starts in the content of the file.
  var offset: Int
  /// Lines count from 1 at the start of the slab; 0 for a whole text.
  var line: Int
  /// Bytes of its text, and their fingerprint.
  var textBytes: Int
  var fingerprint: UInt64
  /// Where its tokens, with the end-of-text token, end in the tokens of the slab.
  var tokenEnd: Int
}

/// A stretch of one input file that one worker parses and tokenizes: whole lines, or one whole
/// text. What the reader found stands in the upper part, what the worker made of it in the lower.
final class Slab {
  enum Content { case lines, text, nothing }

  // Written by the reader.
  var content = Content.nothing
  /// Ordinal of the file.
  var fileIndex = 0
  var file: InputFile?
  /// Where the bytes start in the content of the file.
  var offset = 0
  /// Where the next slab starts.
  var endOffset = 0
  private(set) var bytes: UnsafeMutableRawPointer
  private(set) var capacity: Int
  var count = 0
  /// A line, or a text, that is too long, and was skipped; stands behind the bytes.
  var overlong: (offset: Int, length: Int, start: String)?
  /// The file cannot be read, or is no text.
  var refused: (reason: RejectReason, what: String)?
  /// The stream is broken; stands behind the bytes.
  var damage: CorpusError?
  /// The file ends with this slab.
  var finished: InputSummary?
  /// SHA-256 of the content up to `endOffset`, of standard input only.
  var prefixDigest: String?
  /// Bytes of all files taken from disk when the slab was read.
  var bytesRead = 0
  /// Reading stopped; stands behind everything else.
  var failure: CorpusError?

  // Written by the worker.
  var tokens: [Int32] = []
  var documents: [SlabDocument] = []
  var labels: [String] = []
  /// Lines count from 1 at the start of the slab.
  var rejects: [Reject] = []
  var lines = 0
  var workFailure: CorpusError?

  /// Readable bytes behind the content, which the parser needs.
  static let padding = Int(csj_padding())
  /// From this size on only one slab at a time is in work.
  static let largeSize = 4 << 20

  init(capacity: Int) throws(CorpusError) {
    guard let memory = malloc(capacity + Self.padding) else {
      throw .store(.system(operation: "allocate memory for", path: "a part of the input"))
    }
    bytes = memory
    self.capacity = capacity
  }

  deinit { free(bytes) }

  var isLarge: Bool { capacity > Self.largeSize }

  var contentBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: count) }

  /// Room behind the content.
  var room: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: bytes + count, count: capacity - count)
  }

  /// Makes room for `size` bytes, keeping the content.
  func grow(to size: Int) throws(CorpusError) {
    guard size > capacity else { return }
    guard let memory = realloc(bytes, size + Self.padding) else {
      throw .store(.system(operation: "allocate memory for", path: file?.path ?? "a line"))
    }
    bytes = memory
    capacity = size
  }

  /// Empties the slab for new content; a large one gives its memory back.
  func reset(capacity normal: Int) throws(CorpusError) {
    content = .nothing
    file = nil
    (fileIndex, offset, endOffset, count, lines, bytesRead) = (0, 0, 0, 0, 0, 0)
    (overlong, refused, damage, finished) = (nil, nil, nil, nil)
    (failure, workFailure) = (nil, nil)
    prefixDigest = nil
    if capacity > normal {
      guard let memory = realloc(bytes, normal + Self.padding) else {
        throw .store(.system(operation: "allocate memory for", path: "a part of the input"))
      }
      bytes = memory
      capacity = normal
    }
    if tokens.capacity > 4 * normal {
      tokens = []
    } else {
      tokens.removeAll(keepingCapacity: true)
    }
    documents.removeAll(keepingCapacity: documents.count < 1 << 16)
    labels.removeAll(keepingCapacity: true)
    rejects.removeAll()
  }
}
