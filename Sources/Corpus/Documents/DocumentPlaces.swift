import Store

/// The chunks of every document of one shard: `data_k.documents.safetensors`, the labels of the
/// chunks turned round.
///
/// Columns `document` I64, ascending, and `chunk` I32, the number inside the shard. The chunks of
/// one document stand in the order of its text where `keepsTextOrder`, else in that of the shard.
struct DocumentPlaces: @unchecked Sendable {
  // Unchecked: read-only memory that the file, kept beside it, owns.
  let keepsTextOrder: Bool
  private let file: SafetensorsFile
  private let documents: UnsafeRawBufferPointer
  private let chunks: UnsafeRawBufferPointer

  static let suffix = "documents.safetensors"
  /// Key of the metadata that tells the order, and its two values.
  static let orderKey = "order"
  static let textOrder = "text"
  static let shardOrder = "shard"

  /// Opens the file; entries are checked where they are read.
  init(path: String) throws(CorpusError) {
    let opened = try storing { () throws(StoreError) in
      let file = try SafetensorsFile(path: path)
      return (
        file: file, documents: try file.bytes(of: "document", as: Int64.self),
        chunks: try file.bytes(of: "chunk", as: Int32.self)
      )
    }
    (file, documents, chunks) = (opened.file, opened.documents, opened.chunks)
    keepsTextOrder = file.metadata[Self.orderKey] == Self.textOrder
    guard documents.count / 8 == chunks.count / 4 else {
      throw .malformedShard(
        path: path, found: "\(documents.count / 8) documents in \(chunks.count / 4) chunks",
        expected: "a chunk for each")
    }
  }

  private var count: Int { chunks.count / 4 }

  /// Chunks that hold a part of `document`; a broken order of the file hides some, nothing else.
  func chunks(of document: Int64) -> [Int] {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self.document(middle) < document { low = middle + 1 } else { high = middle }
    }
    var found: [Int] = []
    while low < count, self.document(low) == document {
      found.append(
        Int(Int32(littleEndian: chunks.loadUnaligned(fromByteOffset: 4 * low, as: Int32.self))))
      low += 1
    }
    return found
  }

  private func document(_ index: Int) -> Int64 {
    Int64(littleEndian: documents.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self))
  }
}

/// Turns the pieces of a full shard round, in bounded memory: ranges of documents with about a
/// million pieces each are gathered from the work files and sorted, one range after the other.
struct DocumentPlacesWriter {
  private struct Entry {
    let document: Int64
    /// Number of the chunk in packing order.
    let packed: Int32
  }

  private let shard: OpenShard
  /// Number in the shard of every chunk in packing order.
  private let places: [Int32]
  private static let bucketCount = 1 << 14
  private static let rangePieces = 1 << 21

  /// The pieces of `shard`, whose chunks come in `order`.
  init(_ shard: OpenShard, order: [Int]?) {
    self.shard = shard
    guard let order else {
      places = Array(0..<Int32(shard.sizes.count))
      return
    }
    var places = [Int32](repeating: 0, count: order.count)
    for (place, chunk) in order.enumerated() { places[chunk] = Int32(place) }
    self.places = places
  }

  /// Writes the file; the work files must be flushed.
  func write(to path: String, keepsTextOrder: Bool) throws(CorpusError) {
    let ranges = try documentRanges()
    let count = Int(shard.pieceStarts.last ?? 0)
    let order = keepsTextOrder ? DocumentPlaces.textOrder : DocumentPlaces.shardOrder
    var writer = try storing { () throws(StoreError) in
      try SafetensorsWriter(
        replacing: path,
        tensors: [
          .init(name: "document", type: .i64, shape: [count]),
          .init(name: "chunk", type: .i32, shape: [count]),
        ], metadata: [DocumentPlaces.orderKey: order])
    }
    // The first column whole, then the second: with one range it is sorted once.
    var kept: [Entry] = []
    for range in ranges {
      kept = try entries(of: range, keepsTextOrder)
      try Self.write(kept.map(\.document), to: &writer)
    }
    for range in ranges {
      if ranges.count > 1 { kept = try entries(of: range, keepsTextOrder) }
      try Self.write(kept.map { places[Int($0.packed)] }, to: &writer)
    }
    do throws(StoreError) {
      try writer.commit()
    } catch {
      throw .store(error)
    }
  }

  private static func write(
    _ column: [some FixedWidthElement], to writer: inout SafetensorsWriter
  ) throws(CorpusError) {
    do throws(StoreError) {
      try writer.write(column)
    } catch {
      writer.discard()
      throw .store(error)
    }
  }

  /// Ranges of document numbers that hold about `rangePieces` pieces, ascending.
  private func documentRanges() throws(CorpusError) -> [ClosedRange<Int64>] {
    var (first, last) = (Int64.max, Int64.min)
    try shard.forEachPiece { _, document in
      first = min(first, document)
      last = max(last, document)
    }
    guard first <= last else { return [] }
    let width = (last - first) / Int64(Self.bucketCount) + 1
    var counts = [Int](repeating: 0, count: Self.bucketCount)
    try shard.forEachPiece { _, document in counts[Int((document - first) / width)] += 1 }
    var ranges: [ClosedRange<Int64>] = []
    var (start, held) = (first, 0)
    for (bucket, count) in counts.enumerated() {
      if held > 0, held + count > Self.rangePieces {
        let next = first + Int64(bucket) * width
        ranges.append(start...next - 1)
        (start, held) = (next, 0)
      }
      held += count
    }
    ranges.append(start...last)
    return ranges
  }

  private func entries(
    of range: ClosedRange<Int64>, _ keepsTextOrder: Bool
  ) throws(CorpusError) -> [Entry] {
    var found: [Entry] = []
    try shard.forEachPiece { chunk, document in
      if range.contains(document) {
        found.append(Entry(document: document, packed: Int32(chunk)))
      }
    }
    if keepsTextOrder {
      found.sort { ($0.document, $0.packed) < ($1.document, $1.packed) }
    } else {
      found.sort {
        ($0.document, places[Int($0.packed)]) < ($1.document, places[Int($1.packed)])
      }
    }
    return found
  }
}
