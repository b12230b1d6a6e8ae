import Store

/// The `.idx` file of one shard: where every chunk stands in the `.bin` file.
///
/// Layout, little-endian: "MMIDIDX\0\0", u64 version 1, u8 token type, u64 number of chunks n, u64
/// number of document entries d, i32 sizes[n] in tokens, i64 pointers[n] in bytes, i64
/// documents[d]. The published corpora have d = 1, the entry 0.
struct ShardIndex: Sendable {
  static let magic = Array("MMIDIDX\0\0".utf8)
  static let headerSize = 34
  /// What the indices of fairseq and of the first Megatron begin with.
  private static let olderMagic = Array("TNTIDX\0\0".utf8)

  let type: TokenType
  /// Number of chunks.
  let count: Int
  /// Sum of all sizes, by the place of the last chunk: chunks follow each other without gap, as
  /// every known writer leaves them.
  let tokenCount: Int
  /// Bytes of the `.bin` file.
  let binSize: Int
  private let file: MappedFile

  /// Opens an index and checks its header and its last chunk against the size of its `.bin` file.
  /// Other entries are checked where they are read: a corpus of a hundred million chunks opens at
  /// once.
  init(path: String, binSize: Int) throws(CorpusError) {
    let file = try storing { () throws(StoreError) in try MappedFile(path: path) }
    let bytes = file.bytes
    func wrong(_ found: String, _ expected: String) -> CorpusError {
      .malformedShard(path: path, found: found, expected: expected)
    }
    guard bytes.count >= Self.headerSize else {
      throw wrong("\(bytes.count) bytes", "an index of at least \(Self.headerSize) bytes")
    }
    if bytes.starts(with: Self.olderMagic) {
      throw .olderIndex(path: path)
    }
    guard bytes.starts(with: Self.magic) else {
      throw wrong("the first bytes \(Array(bytes.prefix(9)))", "the letters MMIDIDX and two zeros")
    }
    func number(at offset: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    guard number(at: 9) == 1 else { throw wrong("format version \(number(at: 9))", "version 1") }
    guard let type = TokenType(rawValue: bytes[17]) else {
      throw wrong(
        bytes[17] == 6 || bytes[17] == 7
          ? "floating-point numbers (token type \(bytes[17]))" : "token type \(bytes[17])",
        "an integer type: 1, 2, 3, 4, 5, 8, 9 or 10")
    }
    let (chunks, documents) = (number(at: 18), number(at: 26))
    // Below 2^40 none of the products here overflows.
    guard chunks < 1 << 40, documents < 1 << 40 else {
      throw wrong("\(chunks) chunks and \(documents) documents", "what a file can hold")
    }
    let size = Self.headerSize + 12 * Int(chunks) + 8 * Int(documents)
    // A multimodal index has a byte for each sequence at its end: 0 is text.
    if chunks > 0, bytes.count == size + Int(chunks) {
      if let other = bytes[size...].first(where: { $0 != 0 }) {
        throw wrong("sequences of mode \(other), a multimodal data set", "text alone, mode 0")
      }
    } else if bytes.count != size {
      throw wrong("\(bytes.count) bytes", "\(size) bytes for \(chunks) chunks")
    }
    // As a rule the last chunk ends where the file does; else the order may be another one.
    var end = 0
    for index in (0..<Int(chunks)).reversed() {
      if end >= binSize { break }
      let range = try Self.range(
        of: index, count: Int(chunks), bytes, type: type, binSize: binSize, path: path)
      end = max(end, range.upperBound)
    }
    guard end == binSize else {
      throw .malformedShard(
        path: path.dropLast(3) + "bin", found: "\(binSize) bytes",
        expected: "\(end), where the \(chunks) chunks of the .idx file end")
    }
    self.file = file
    self.type = type
    self.binSize = binSize
    count = Int(chunks)
    tokenCount = end / type.width
  }

  /// Where the documents begin, in chunks, and their end: of an index in which they are told. Nil for
  /// the one entry of the published code.
  ///
  /// - Throws: `malformedShard` for entries that do not rise to the number of chunks.
  func documentStarts() throws(CorpusError) -> [Int]? {
    let entries = Int(
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 26, as: UInt64.self)))
    guard entries > 1 else { return nil }
    let start = Self.headerSize + 12 * count
    let starts = (0..<entries).map {
      Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 8 * $0, as: Int64.self)))
    }
    guard starts.first == 0, starts.last == count, zip(starts, starts.dropFirst()).allSatisfy(<=)
    else {
      throw .malformedShard(
        path: file.path, found: "documents from \(starts.first ?? 0) to \(starts.last ?? 0)",
        expected: "rising numbers from 0 to \(count) chunks")
    }
    return starts
  }

  /// The whole file.
  var bytes: UnsafeRawBufferPointer { file.bytes }

  /// Bytes of chunk `index` in the `.bin` file: its size must be 0 or more, and it must lie inside.
  private static func range(
    of index: Int, count: Int, _ bytes: UnsafeRawBufferPointer, type: TokenType, binSize: Int,
    path: String
  ) throws(CorpusError) -> Range<Int> {
    let size = size(index, bytes)
    let start = pointer(index, count: count, bytes)
    if size < 0 {
      throw .malformedShard(
        path: path, found: "size \(size) of chunk \(index)", expected: "0 or more")
    }
    if start < 0 || start > binSize || size * type.width > binSize - start {
      throw .malformedShard(
        path: path, found: "chunk \(index) of \(size) tokens at byte \(start)",
        expected: "a place inside the \(binSize) bytes of its .bin file")
    }
    return start..<start + size * type.width
  }

  private static func size(_ index: Int, _ bytes: UnsafeRawBufferPointer) -> Int {
    Int(
      Int32(
        littleEndian: bytes.loadUnaligned(
          fromByteOffset: headerSize + 4 * index, as: Int32.self)))
  }

  private static func pointer(_ index: Int, count: Int, _ bytes: UnsafeRawBufferPointer) -> Int {
    Int(
      Int64(
        littleEndian: bytes.loadUnaligned(
          fromByteOffset: headerSize + 4 * count + 8 * index, as: Int64.self)))
  }

  /// Lets go of the memory of the entries of the first chunks.
  func release(upTo end: Int) {
    file.release(0..<Self.headerSize + 4 * end)
    file.release(Self.headerSize + 4 * count..<Self.headerSize + 4 * count + 8 * end)
  }

  /// Tokens of chunk `index`; 0 where the file says less.
  func size(of index: Int) -> Int { max(0, Self.size(index, file.bytes)) }

  /// Bytes of chunk `index` in the `.bin` file.
  func range(of index: Int) throws(CorpusError) -> Range<Int> {
    try Self.range(
      of: index, count: count, file.bytes, type: type, binSize: binSize, path: file.path)
  }

  /// The bytes of an index over chunks that follow each other without gap.
  static func encode(
    sizes: [Int32], type: TokenType, documents: DocumentIndex = .published
  ) -> ContiguousArray<UInt8> {
    var bytes = ContiguousArray<UInt8>()
    bytes.reserveCapacity(headerSize + 12 * sizes.count + 8)
    func append(_ value: some FixedWidthInteger) {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    bytes.append(contentsOf: magic)
    append(UInt64(1))
    append(type.rawValue)
    append(UInt64(sizes.count))
    append(UInt64(documents == .published ? 1 : sizes.count + 1))
    for size in sizes { append(size) }
    var pointer: Int64 = 0
    for size in sizes {
      append(pointer)
      pointer += Int64(size) * Int64(type.width)
    }
    append(Int64(0))
    if documents == .megatron {
      for end in 0..<sizes.count { append(Int64(end + 1)) }
    }
    return bytes
  }
}
