/// Element types of safetensors files: all that the format knows. Those of 8 bits and fewer that no
/// number here stands for are known by their size alone.
public enum ElementType: String, Sendable, Codable, CaseIterable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u64 = "U64"
  case u32 = "U32"
  case u16 = "U16"
  case u8 = "U8"
  case bool = "BOOL"
  case c64 = "C64"
  case f8e5m2 = "F8_E5M2"
  case f8e4m3 = "F8_E4M3"
  case f8e5m2fnuz = "F8_E5M2FNUZ"
  case f8e4m3fnuz = "F8_E4M3FNUZ"
  case f8e8m0 = "F8_E8M0"
  case f6e2m3 = "F6_E2M3"
  case f6e3m2 = "F6_E3M2"
  case f4 = "F4"

  /// Bits of one element.
  public var bitCount: Int {
    switch self {
    case .f64, .i64, .u64, .c64: 64
    case .f32, .i32, .u32: 32
    case .f16, .bf16, .i16, .u16: 16
    case .i8, .u8, .bool, .f8e5m2, .f8e4m3, .f8e5m2fnuz, .f8e4m3fnuz, .f8e8m0: 8
    case .f6e2m3, .f6e3m2: 6
    case .f4: 4
    }
  }

  /// Bytes of one element; of several where they share a byte.
  public var byteCount: Int { max(1, bitCount / 8) }
}

/// Name, type and place of one tensor in a safetensors file.
public struct TensorInfo: Sendable, Equatable {
  /// The tensor's name.
  public let name: String
  /// Its element type.
  public let type: ElementType
  /// Its shape; `[]` is a scalar.
  public let shape: [Int]
  /// Its bytes, counted from the end of the header.
  public let range: Range<Int>

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }
}

/// The JSON header of a safetensors file, checked: every type known, every shape's size equal to its
/// range, no range outside the file, no two ranges overlapping.
struct SafetensorsHeader {
  var tensors: [TensorInfo] = []
  var metadata: [String: String] = [:]
  var dataStart = 0

  /// The format's own limit on the header.
  static let maximumHeaderBytes = 100_000_000

  init(parsing bytes: UnsafeRawBufferPointer, path: String) throws(StoreError) {
    guard bytes.count >= 8 else {
      throw .malformed(
        path: path, found: "\(bytes.count) bytes", expected: "a safetensors file of at least 8")
    }
    let declared = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard declared <= Self.maximumHeaderBytes else {
      throw .malformed(
        path: path, found: "bytes that begin no safetensors file", expected: "a safetensors file")
    }
    guard Int(declared) <= bytes.count - 8 else {
      throw .malformed(
        path: path, found: "a file of \(bytes.count) bytes, cut inside its header",
        expected: "the header of \(declared) bytes, and the tensors")
    }
    dataStart = 8 + Int(declared)
    let entries = try Self.entries(Array(bytes[8..<dataStart]), path: path)
    for (name, entry) in entries where name != "__metadata__" {
      tensors.append(try Entry(entry, name: name, path: path).info)
    }
    metadata = try Self.metadata(entries, path: path)
    tensors.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try checkPlaces(dataBytes: bytes.count - dataStart, path: path)
  }

  /// Refuses tensors that overlap, leave gaps, or do not end where the file does.
  private func checkPlaces(dataBytes: Int, path: String) throws(StoreError) {
    var end = 0
    for tensor in tensors {
      if tensor.range.lowerBound != end {
        throw .malformed(
          path: path,
          found: "tensor \(tensor.name.prefix(120)) at byte \(tensor.range.lowerBound)",
          expected: "byte \(end), where the one before it ends")
      }
      end = tensor.range.upperBound
    }
    if end > dataBytes {
      throw .malformed(
        path: path, found: "a file of \(dataStart + dataBytes) bytes, cut inside its tensors",
        expected: "\(dataStart + end) bytes")
    }
    if end < dataBytes {
      throw .malformed(
        path: path, found: "\(dataBytes - end) bytes behind the last tensor",
        expected: "a file of \(dataStart + end) bytes")
    }
  }

  /// The members of the header's object.
  private static func entries(
    _ text: [UInt8], path: String
  ) throws(StoreError) -> [(name: String, value: JSONValue)] {
    let document: JSONDocument
    do throws(JSONDocument.Failure) {
      document = try JSONDocument(parsing: text)
    } catch {
      throw .malformed(
        path: path, found: "a header that is no JSON (\(error.reason) at byte \(error.offset))",
        expected: "JSON of tensor entries")
    }
    guard case .object(let list) = document.root else {
      throw .malformed(
        path: path, found: "a header that is \(document.root.kind)",
        expected: "an object of tensor entries")
    }
    let entries = document.members(of: list).map {
      (name: document.string($0.name), value: JSONValue($0.value, of: document))
    }
    var names: Set<String> = []
    for entry in entries where !names.insert(entry.name).inserted {
      throw .malformed(
        path: path, found: "two tensors called \(entry.name.prefix(120))", expected: "one")
    }
    return entries
  }

  private static func metadata(
    _ entries: [(name: String, value: JSONValue)], path: String
  ) throws(StoreError) -> [String: String] {
    guard let entry = entries.first(where: { $0.name == "__metadata__" }) else { return [:] }
    guard case .object(let members) = entry.value else {
      throw .malformed(
        path: path, found: "__metadata__ that is \(entry.value.shown)", expected: "texts by name")
    }
    var metadata: [String: String] = [:]
    for (key, value) in members {
      guard case .text(let text) = value else {
        throw .malformed(
          path: path, found: "__metadata__ \(key.prefix(120)) that is \(value.shown)",
          expected: "a text")
      }
      metadata[key] = text
    }
    return metadata
  }

  /// One tensor of the header's object.
  private struct Entry {
    let info: TensorInfo

    init(_ value: JSONValue, name: String, path: String) throws(StoreError) {
      func malformed(_ found: String, _ expected: String) -> StoreError {
        .malformed(
          path: path, found: "tensor \(name.prefix(120)) \(found)", expected: expected)
      }
      guard case .object(let members) = value, case .text(let type)? = members["dtype"],
        let shape = Self.sizes(members["shape"]), let offsets = Self.sizes(members["data_offsets"])
      else {
        throw malformed(
          "without a usable dtype, shape and data_offsets",
          "the three, with whole numbers of 0 or more")
      }
      guard let element = ElementType(rawValue: type) else {
        throw malformed(
          "of type \(type.prefix(40))",
          "one of \(ElementType.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      guard offsets.count == 2, offsets[0] <= offsets[1] else {
        throw malformed("at bytes \(ShapeText(offsets))", "a first and a last byte")
      }
      var bits = element.bitCount
      for dimension in shape {
        let (product, overflow) = bits.multipliedReportingOverflow(by: dimension)
        guard !overflow else {
          throw malformed("of shape \(ShapeText(shape))", "sizes that exist")
        }
        bits = product
      }
      guard bits % 8 == 0, bits / 8 == offsets[1] - offsets[0] else {
        throw malformed(
          "of shape \(ShapeText(shape)) \(type) in \(offsets[1] - offsets[0]) bytes",
          "\((bits + 7) / 8) bytes")
      }
      info = TensorInfo(name: name, type: element, shape: shape, range: offsets[0]..<offsets[1])
    }

    /// Whole numbers of 0 or more; nil for anything else.
    private static func sizes(_ value: JSONValue?) -> [Int]? {
      guard case .list(let items)? = value else { return nil }
      var sizes: [Int] = []
      for item in items {
        guard case .integer(let size) = item, size >= 0 else { return nil }
        sizes.append(size)
      }
      return sizes
    }
  }
}

/// A shape as messages show it: the first sizes alone, however many a file claims.
public struct ShapeText: Sendable, CustomStringConvertible {
  public let description: String

  public init(_ shape: [Int]) {
    description =
      shape.count <= 8
      ? "\(shape)"
      : "[\(shape.prefix(6).map(String.init).joined(separator: ", ")), ... \(shape.count) sizes]"
  }
}
