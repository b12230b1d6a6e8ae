import Glibc
import Store

/// Whether the chunks of every document are written beside a shard.
enum DocumentPlacesRule {
  case none
  /// Chunks come in the order of the texts, as a packer gives them.
  case textOrder
  /// Chunks come in any order.
  case shardOrder
}

/// Turns the work files of a full shard into its `.bin`, its labels and its `.idx`, in an order.
///
/// Reads with `pread`, never by mapping: a shuffled 4 GB shard costs page cache, not memory of the
/// process. Every step can be done again after a crash and gives the same bytes.
struct ShardCloser {
  let folder: String
  let type: TokenType
  /// Labels of the sources.
  let names: [String]
  /// Whether and how the chunks of every document are written.
  let places: DocumentPlacesRule
  /// What the index says of documents.
  let documentIndex: DocumentIndex

  /// Writes the files, `.idx` last. Without `order` the ordered file becomes the `.bin`.
  func close(_ shard: OpenShard, order: [Int]?) throws(CorpusError) {
    let base = "\(folder)/data_\(shard.number)."
    if let order {
      try shard.flush()
      try writeTokens(shard, order: order, to: base + "bin")
    } else {
      try shard.sync()
      if rename(shard.tokens.path, base + "bin") != 0 {
        throw .store(.system(operation: "rename to", path: base + "bin"))
      }
    }
    try writeLabels(
      shard, order: order ?? Array(shard.sizes.indices), to: base + "chunks.safetensors")
    if places != .none {
      try DocumentPlacesWriter(shard, order: order).write(
        to: base + DocumentPlaces.suffix, keepsTextOrder: places == .textOrder)
    }
    let sizes = order.map { $0.map { shard.sizes[$0] } } ?? shard.sizes
    let index = ShardIndex.encode(sizes: sizes, type: type, documents: documentIndex)
    try storing { () throws(StoreError) in try AtomicFile.write(index, to: base + "idx") }
  }

  private func writeTokens(
    _ shard: OpenShard, order: [Int], to path: String
  ) throws(CorpusError) {
    var starts: [Int] = []
    starts.reserveCapacity(shard.sizes.count)
    var (total, longest) = (0, 0)
    for size in shard.sizes {
      starts.append(total)
      let bytes = Int(size) * type.width
      total += bytes
      longest = max(longest, bytes)
    }
    let target = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1 << 20, longest), alignment: 64)
    defer { target.deallocate() }
    try storing { () throws(StoreError) in
      try AtomicFile.write(to: path) { (writer) throws(StoreError) in
        var filled = 0
        for chunk in order {
          let bytes = Int(shard.sizes[chunk]) * type.width
          if filled + bytes > target.count {
            try writer.write(UnsafeRawBufferPointer(rebasing: target[..<filled]))
            filled = 0
          }
          try shard.tokens.read(
            at: starts[chunk],
            into: UnsafeMutableRawBufferPointer(rebasing: target[filled..<filled + bytes]))
          filled += bytes
        }
        try writer.write(UnsafeRawBufferPointer(rebasing: target[..<filled]))
      }
    }
  }

  private func writeLabels(
    _ shard: OpenShard, order: [Int], to path: String
  ) throws(CorpusError) {
    let pieces = Int(shard.pieceStarts.last ?? 0)
    var starts: [Int64] = [0]
    starts.reserveCapacity(order.count + 1)
    for chunk in order {
      let count = shard.pieceStarts[chunk + 1] - shard.pieceStarts[chunk]
      starts.append((starts.last ?? 0) + count)
    }
    let sources = order.map { shard.sources[$0] }
    var writer = try storing { () throws(StoreError) in
      try Self.labels(
        names: names, sources: sources, starts: starts, pieces: pieces, path: path)
    }
    try writeColumn(Int64.self, at: 0, of: shard, order: order, to: &writer)
    try writeColumn(Int32.self, at: 8, of: shard, order: order, to: &writer)
    do throws(StoreError) {
      try writer.commit()
    } catch {
      throw .store(error)
    }
  }

  /// A label file with its first two columns.
  private static func labels(
    names: [String], sources: [UInt16], starts: [Int64], pieces: Int, path: String
  ) throws(StoreError) -> SafetensorsWriter {
    let metadata = ["sources": try JSONFile.text(of: names, pretty: false)]
    var writer = try SafetensorsWriter(
      replacing: path,
      tensors: [
        .init(name: "source", type: .u16, shape: [sources.count]),
        .init(name: "document_start", type: .i64, shape: [starts.count]),
        .init(name: "document", type: .i64, shape: [pieces]),
        .init(name: "token_start", type: .i32, shape: [pieces]),
      ], metadata: metadata)
    try writer.write(sources)
    try writer.write(starts)
    return writer
  }

  /// Writes one field of all pieces, which stands at `offset` of each record.
  private func writeColumn<Value: FixedWidthInteger & FixedWidthElement>(
    _ type: Value.Type, at offset: Int, of shard: OpenShard, order: [Int],
    to writer: inout SafetensorsWriter
  ) throws(CorpusError) {
    var record: ContiguousArray<UInt8> = []
    var column: [Value] = []
    func flush(_ writer: inout SafetensorsWriter) throws(CorpusError) {
      do throws(StoreError) {
        try writer.write(column)
      } catch {
        throw .store(error)
      }
      column.removeAll(keepingCapacity: true)
    }
    for chunk in order {
      let count = try shard.readPieces(of: chunk, into: &record)
      record.withUnsafeBytes { bytes in
        for piece in 0..<count {
          let place = piece * OpenShard.pieceRecord + offset
          column.append(bytes.loadUnaligned(fromByteOffset: place, as: Value.self))
        }
      }
      if column.count >= 1 << 16 { try flush(&writer) }
    }
    try flush(&writer)
  }
}
