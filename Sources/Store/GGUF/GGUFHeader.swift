/// What stands before the tensors of a GGUF file, checked: no count or length beyond the file, no name
/// twice, every shape's size that of its type's blocks, no range outside the file, none over another.
struct GGUFHeader {
  private(set) var version = 0
  private(set) var metadata: [String: GGUFValue] = [:]
  private(set) var tensors: [GGUFTensorInfo] = []
  private(set) var index: [String: Int] = [:]

  private static let alignmentKey = "general.alignment"
  /// Where no alignment is stated.
  private static let usualAlignment = 32
  /// ggml's own limit.
  private static let mostDimensions = 4
  /// The format's own limit on keys, and longer than any name of a tensor.
  private static let longestName = 65_535
  /// The shortest entries: an empty key and one byte; an empty name without sizes.
  private static let leastEntryBytes = 13
  private static let leastTensorBytes = 24

  init(
    parsing bytes: UnsafeRawBufferPointer, path: String, readsTextLists: Bool
  ) throws(StoreError) {
    var cursor = GGUFCursor(bytes, path: path)
    version = try Self.version(&cursor)
    let tensorCount = try cursor.count("tensors", each: Self.leastTensorBytes)
    let entryCount = try cursor.count("metadata entries", each: Self.leastEntryBytes)
    try readMetadata(entryCount, &cursor, readsTextLists)
    var places: [Place] = []
    places.reserveCapacity(tensorCount)
    for number in 0..<tensorCount { places.append(try place(number, &cursor)) }
    try locate(places, from: cursor.offset, fileBytes: bytes.count, path: path)
  }

  /// Checks the first bytes, byte order and version.
  private static func version(_ cursor: inout GGUFCursor) throws(StoreError) -> Int {
    let expected = "a GGUF file of version 2 or 3"
    guard cursor.bytes.starts(with: GGUFFile.magic) else {
      throw cursor.malformed(
        cursor.bytes.count < 4
          ? "\(cursor.bytes.count) bytes" : "bytes that begin no GGUF file", expected)
    }
    cursor.offset = 4
    let version = try cursor.integer(UInt32.self)
    if version & 0xFFFF == 0, version != 0 {
      throw cursor.malformed("a GGUF file in big-endian byte order", "one in little-endian order")
    }
    guard (2...3).contains(version) else {
      throw cursor.malformed("a GGUF file of version \(version)", expected)
    }
    return Int(version)
  }

  private mutating func readMetadata(
    _ count: Int, _ cursor: inout GGUFCursor, _ readsTextLists: Bool
  ) throws(StoreError) {
    var names: Set<String> = []
    for number in 0..<count {
      let key = try cursor.name("the key of metadata entry \(number)", Self.longestName)
      guard names.insert(key).inserted else {
        throw cursor.malformed("two metadata entries \(key.prefix(120))", "one")
      }
      let kind = try cursor.kind(of: key)
      if let value = try cursor.value(kind, of: key, readsTextLists: readsTextLists) {
        metadata[key] = value
      }
    }
  }

  /// A tensor as the file lists it.
  private struct Place {
    let name: String
    let type: GGUFElementType?
    let typeNumber: UInt32
    let shape: [Int]
    /// Nil for an unknown type.
    let byteCount: Int?
    /// From the beginning of all tensors.
    let offset: Int
  }

  private mutating func place(
    _ number: Int, _ cursor: inout GGUFCursor
  ) throws(StoreError) -> Place {
    let name = try cursor.name("the name of tensor \(number)", Self.longestName)
    guard index.updateValue(number, forKey: name) == nil else {
      throw cursor.malformed("two tensors called \(name.prefix(120))", "one")
    }
    let dimensions = try cursor.integer(UInt32.self)
    guard dimensions <= Self.mostDimensions else {
      throw cursor.malformed(
        "tensor \(name.prefix(120)) of \(dimensions) dimensions", "\(Self.mostDimensions) at most")
    }
    var shape: [Int] = []
    for _ in 0..<dimensions {
      shape.insert(try cursor.size("a size of tensor \(name.prefix(120))"), at: 0)
    }
    let typeNumber = try cursor.integer(UInt32.self)
    let type = GGUFElementType(rawValue: typeNumber)
    let offset = try cursor.size("the place of tensor \(name.prefix(120))")
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= Int.max >> 4 else {
        throw cursor.malformed(
          "tensor \(name.prefix(120)) of shape \(ShapeText(shape))", "sizes that exist")
      }
      count = product
    }
    if let type, (shape.last ?? 1) % type.block.values != 0 {
      throw cursor.malformed(
        "tensor \(name.prefix(120)) of shape \(ShapeText(shape)) in \(type.name)",
        "rows of a multiple of \(type.block.values) values")
    }
    return Place(
      name: name, type: type, typeNumber: typeNumber, shape: shape,
      byteCount: type.map { count / $0.block.values * $0.block.bytes }, offset: offset)
  }

  /// Turns the places into ranges of the file.
  private mutating func locate(
    _ places: [Place], from end: Int, fileBytes: Int, path: String
  ) throws(StoreError) {
    func malformed(_ found: String, _ expected: String) -> StoreError {
      .malformed(path: path, found: found, expected: expected)
    }
    let alignment = try alignment(path)
    // No file is so long that this overflows; its own header is no longer.
    let start = (end + alignment - 1) / alignment * alignment
    let order = places.indices.sorted { (places[$0].offset, $0) < (places[$1].offset, $1) }
    var ranges = [Range<Int>](repeating: 0..<0, count: places.count)
    var last = 0
    for (rank, number) in order.enumerated() {
      let place = places[number]
      let shown = "tensor \(place.name.prefix(120))"
      guard place.offset % alignment == 0 else {
        throw malformed("\(shown) at byte \(place.offset)", "a multiple of \(alignment)")
      }
      guard place.offset >= last else {
        throw malformed(
          "\(shown) at byte \(place.offset), inside the one before it",
          "byte \(last) or behind it")
      }
      let room = fileBytes - start
      let next = rank + 1 < order.count ? places[order[rank + 1]].offset : max(0, room)
      let size = place.byteCount ?? max(0, min(next, room) - place.offset)
      guard place.offset <= room, size <= room - place.offset else {
        throw malformed(
          "a file of \(fileBytes) bytes, cut inside \(shown)",
          place.offset <= Int.max - start - size
            ? "\(start + place.offset + size) bytes or more" : "places that exist")
      }
      ranges[number] = start + place.offset..<start + place.offset + size
      last = place.offset + size
    }
    tensors = zip(places, ranges).map { place, range in
      GGUFTensorInfo(
        name: place.name, type: place.type,
        typeName: place.type?.name ?? "type \(place.typeNumber) (unknown to gguf 0.19)",
        shape: place.shape,
        range: range)
    }
  }

  private func alignment(_ path: String) throws(StoreError) -> Int {
    switch metadata[Self.alignmentKey] {
    case nil: return Self.usualAlignment
    case .integer(let value) where value > 0 && value <= 1 << 30 && value & (value - 1) == 0:
      return value
    case let other?:
      throw .malformed(
        path: path, found: "\(Self.alignmentKey) \(other.shown)", expected: "a power of two")
    }
  }
}
