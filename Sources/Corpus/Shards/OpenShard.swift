import Glibc
import Store

/// The work files of a shard that still grows: its tokens in packing order, one record a chunk,
/// one record a piece of a document.
///
/// `data_{k}.ordered` holds tokens as the shard will; `data_{k}.chunks` 10 bytes a chunk (I32 size,
/// U16 source, I32 pieces); `data_{k}.pieces` 12 bytes a piece (I64 document, I32 token start).
/// They only grow, so a state that names their lengths is enough to go on from. Memory holds 14
/// bytes a chunk; the pieces, of which short documents give many, stay on disk.
final class OpenShard {
  /// What a state must keep of an open shard.
  struct Lengths: Codable, Sendable, Equatable {
    var chunks = 0
    var tokenBytes = 0
    var pieces = 0
  }

  static let suffixes = ["ordered", "chunks", "pieces"]
  static let chunkRecord = 10
  static let pieceRecord = 12

  let number: Int
  let tokens: AppendFile
  private let chunks: AppendFile
  private let pieces: AppendFile
  private(set) var sizes: [Int32] = []
  private(set) var sources: [UInt16] = []
  /// Pieces before each chunk, and all of them at the end.
  private(set) var pieceStarts: [Int64] = [0]

  /// Starts the shard, or goes on behind `lengths`.
  init(
    folder: String, number: Int, keeping lengths: Lengths = Lengths()
  ) throws(CorpusError) {
    let base = "\(folder)/data_\(number)."
    self.number = number
    (tokens, chunks, pieces) = try storing { () throws(StoreError) in
      (
        try AppendFile(
          path: base + "ordered", keeping: lengths.tokenBytes, bufferSize: 1 << 20),
        try AppendFile(
          path: base + "chunks", keeping: lengths.chunks * Self.chunkRecord),
        try AppendFile(
          path: base + "pieces", keeping: lengths.pieces * Self.pieceRecord)
      )
    }
    if lengths.chunks > 0 { try reload(lengths) }
  }

  var lengths: Lengths {
    Lengths(
      chunks: sizes.count, tokenBytes: tokens.byteCount, pieces: Int(pieceStarts.last ?? 0))
  }

  var paths: [String] { [tokens.path, chunks.path, pieces.path] }

  /// Notes a chunk whose tokens went to `tokens`.
  func append(
    size: Int32, source: UInt16, pieces list: UnsafeBufferPointer<ChunkPiece>
  ) throws(CorpusError) {
    try storing { () throws(StoreError) in
      let record = try chunks.room(Self.chunkRecord)
      record.storeBytes(of: size.littleEndian, as: Int32.self)
      record.storeBytes(of: source.littleEndian, toByteOffset: 4, as: UInt16.self)
      record.storeBytes(
        of: Int32(list.count).littleEndian, toByteOffset: 6, as: Int32.self)
      chunks.take(Self.chunkRecord)
      for piece in list {
        let record = try pieces.room(Self.pieceRecord)
        record.storeBytes(of: piece.document.littleEndian, as: Int64.self)
        record.storeBytes(of: piece.tokenStart.littleEndian, toByteOffset: 8, as: Int32.self)
        pieces.take(Self.pieceRecord)
      }
    }
    sizes.append(size)
    sources.append(source)
    pieceStarts.append((pieceStarts.last ?? 0) + Int64(list.count))
  }

  /// Makes everything durable.
  func sync() throws(CorpusError) {
    try storing { () throws(StoreError) in
      try tokens.sync()
      try chunks.sync()
      try pieces.sync()
    }
  }

  /// Hands everything to the system, so that it can be read back.
  func flush() throws(CorpusError) {
    try storing { () throws(StoreError) in
      try tokens.flush()
      try chunks.flush()
      try pieces.flush()
    }
  }

  /// Copies the pieces of a chunk, which must be flushed, as they are on disk.
  func readPieces(
    of chunk: Int, into target: inout ContiguousArray<UInt8>
  ) throws(CorpusError) -> Int {
    let count = Int(pieceStarts[chunk + 1] - pieceStarts[chunk])
    let size = count * Self.pieceRecord
    if target.count < size {
      target.append(contentsOf: repeatElement(0, count: size - target.count))
    }
    let offset = Int(pieceStarts[chunk]) * Self.pieceRecord
    let failure = target.withUnsafeMutableBytes { bytes -> StoreError? in
      do throws(StoreError) {
        try pieces.read(
          at: offset, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<size]))
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw .store(failure) }
    return count
  }

  /// Calls `body` with the chunk and the document of every piece, in packing order; the pieces must
  /// be flushed.
  func forEachPiece(_ body: (_ chunk: Int, _ document: Int64) -> Void) throws(CorpusError) {
    let size = 1 << 14
    let block = UnsafeMutableRawBufferPointer.allocate(
      byteCount: size * Self.pieceRecord, alignment: 16)
    defer { block.deallocate() }
    let count = Int(pieceStarts.last ?? 0)
    var (first, chunk) = (0, 0)
    while first < count {
      let here = min(size, count - first)
      let part = UnsafeMutableRawBufferPointer(rebasing: block[..<(here * Self.pieceRecord)])
      let offset = first * Self.pieceRecord
      try storing { () throws(StoreError) in try pieces.read(at: offset, into: part) }
      pieceStarts.withUnsafeBufferPointer { starts in
        for piece in 0..<here {
          while Int64(first + piece) >= starts[chunk + 1] { chunk += 1 }
          let document = part.loadUnaligned(
            fromByteOffset: piece * Self.pieceRecord, as: Int64.self)
          body(chunk, Int64(littleEndian: document))
        }
      }
      first += here
    }
  }

  private func reload(_ lengths: Lengths) throws(CorpusError) {
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: lengths.chunks * Self.chunkRecord, alignment: 8)
    defer { bytes.deallocate() }
    try storing { () throws(StoreError) in try chunks.read(at: 0, into: bytes) }
    for chunk in 0..<lengths.chunks {
      let offset = chunk * Self.chunkRecord
      let size = bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)
      let source = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt16.self)
      let count = bytes.loadUnaligned(fromByteOffset: offset + 6, as: Int32.self)
      sizes.append(Int32(littleEndian: size))
      sources.append(UInt16(littleEndian: source))
      pieceStarts.append((pieceStarts.last ?? 0) + Int64(Int32(littleEndian: count)))
    }
    guard pieceStarts.last == Int64(lengths.pieces) else {
      throw .malformedShard(
        path: chunks.path, found: "\(pieceStarts.last ?? 0) pieces",
        expected: "\(lengths.pieces), as in the state")
    }
  }
}
