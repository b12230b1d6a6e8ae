import CXxhash
import Corpus
import Store

/// Finds equal texts by 128-bit hashes (XXH3): records go to files by their first bits, and file by file is
/// sorted, so memory holds a 128th of them.
struct ExactDuplicates {
  /// 32 bytes: a hash, the number of the text, and its source and size.
  struct Record: BitwiseCopyable, Sendable {
    var high: UInt64
    var low: UInt64
    var unit: UInt64
    /// Source in the upper 16 bits, bytes in the others.
    var sourceAndSize: UInt64

    init(text: UnsafeRawBufferPointer, unit: Int, source: Int) {
      let hash = cxx_xxh3_128(text.baseAddress, text.count)
      (high, low) = (hash.high, hash.low)
      self.unit = UInt64(unit)
      sourceAndSize = UInt64(source) << 48 | UInt64(text.count) & 0xFFFF_FFFF_FFFF
    }

    var source: Int { Int(sourceAndSize >> 48) }
    var size: Int { Int(sourceAndSize & 0xFFFF_FFFF_FFFF) }
  }

  /// A text that stands earlier in the corpus, too.
  struct Duplicate: Sendable {
    var unit: Int
    /// The first text that it equals.
    var first: Int
    var source: Int
    var size: Int
  }

  private static let bucketBits: UInt64 = 7
  private let buckets: [ScratchFile]

  init(folder: String) throws {
    buckets = try (0..<1 << Self.bucketBits).map {
      try ScratchFile(folder: folder, name: "hashes-\($0)")
    }
  }

  func append(_ record: Record) throws {
    try withUnsafeBytes(of: record) {
      try buckets[Int(record.high >> (64 - Self.bucketBits))].append($0)
    }
  }

  /// All texts that equal an earlier one.
  func find(threads: Int, _ take: (Duplicate) -> Void) throws {
    let files = try buckets.map { try $0.map() }
    _ = try OrderedBlocks.run(count: files.count, threads: threads) {
    } produce: { _, bucket in
      Self.duplicates(in: files[bucket].bytes)
    } consume: { _, duplicates in
      duplicates.forEach(take)
      return true
    }
  }

  private static func duplicates(in bytes: UnsafeRawBufferPointer) -> [Duplicate] {
    let size = MemoryLayout<Record>.stride
    var records = (0..<bytes.count / size).map {
      bytes.loadUnaligned(fromByteOffset: $0 * size, as: Record.self)
    }
    records.sort { ($0.high, $0.low, $0.unit) < ($1.high, $1.low, $1.unit) }
    var found: [Duplicate] = []
    var first = 0
    for index in records.indices.dropFirst() {
      let (record, leader) = (records[index], records[first])
      if record.high == leader.high, record.low == leader.low, record.size == leader.size {
        found.append(
          Duplicate(
            unit: Int(record.unit), first: Int(leader.unit), source: record.source,
            size: record.size))
      } else {
        first = index
      }
    }
    return found
  }
}
