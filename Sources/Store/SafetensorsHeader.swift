import Foundation

/// Element types of safetensors files.
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

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool: 1
    }
  }
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
    guard declared <= Self.maximumHeaderBytes, Int(declared) <= bytes.count - 8 else {
      throw .malformed(
        path: path, found: "a header of \(declared) bytes in a file of \(bytes.count)",
        expected: "a safetensors header inside the file (is it truncated?)")
    }
    dataStart = 8 + Int(declared)
    let entries: [String: Entry]
    do {
      entries = try JSONDecoder().decode(
        [String: Entry].self, from: Data(bytes[8..<dataStart]))
    } catch {
      throw .malformed(
        path: path, found: "a header that cannot be read (\(error))",
        expected: "JSON of tensor entries")
    }
    for (name, entry) in entries {
      if name == "__metadata__" {
        metadata = entry.metadata
      } else {
        tensors.append(
          try entry.info(name: name, dataBytes: bytes.count - dataStart, path: path))
      }
    }
    tensors.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for (previous, next) in zip(tensors, tensors.dropFirst())
    where next.range.lowerBound < previous.range.upperBound {
      throw .malformed(
        path: path, found: "tensors \(previous.name) and \(next.name) overlap",
        expected: "separate byte ranges")
    }
  }

  /// One value of the header's object: a tensor, or the metadata's strings.
  private struct Entry: Decodable {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    var metadata: [String: String] = [:]

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      if container.contains(Key(stringValue: "data_offsets")) {
        type = try container.decode(String.self, forKey: Key(stringValue: "dtype"))
        shape = try container.decode([Int].self, forKey: Key(stringValue: "shape"))
        offsets = try container.decode([Int].self, forKey: Key(stringValue: "data_offsets"))
      } else {
        for key in container.allKeys {
          metadata[key.stringValue] = try container.decode(String.self, forKey: key)
        }
      }
    }

    func info(name: String, dataBytes: Int, path: String) throws(StoreError) -> TensorInfo {
      guard let type, let shape, let offsets else {
        throw .malformed(
          path: path, found: "tensor \(name) without data_offsets",
          expected: "dtype, shape and data_offsets")
      }
      guard let element = ElementType(rawValue: type) else {
        throw .malformed(
          path: path, found: "tensor \(name) of type \(type)",
          expected: "one of \(ElementType.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= dataBytes
      else {
        throw .malformed(
          path: path, found: "tensor \(name) at bytes \(offsets) of \(dataBytes)",
          expected: "a range inside the file (is it truncated?)")
      }
      var size = element.byteCount
      for dimension in shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
        guard dimension >= 0, !overflow else {
          throw .malformed(
            path: path, found: "tensor \(name) of shape \(shape)", expected: "sizes that exist")
        }
        size = product
      }
      guard size == offsets[1] - offsets[0] else {
        throw .malformed(
          path: path,
          found: "tensor \(name) of shape \(shape) \(type) in \(offsets[1] - offsets[0]) bytes",
          expected: "\(size) bytes")
      }
      return TensorInfo(
        name: name, type: element, shape: shape, range: offsets[0]..<offsets[1])
    }
  }
}
