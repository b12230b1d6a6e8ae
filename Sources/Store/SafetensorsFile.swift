/// A safetensors file, mapped and checked on opening.
///
/// Format: u64 little-endian header length, JSON header, tensor bytes (huggingface/safetensors).
public final class SafetensorsFile: Sendable {
  /// Every tensor, in the order of its bytes.
  public let tensors: [TensorInfo]
  /// The header's `__metadata__`.
  public let metadata: [String: String]
  /// Where the file stands.
  public var path: String { file.path }

  private let file: MappedFile
  private let dataStart: Int
  private let index: [String: Int]

  /// Maps and checks `path`.
  public init(path: String) throws(StoreError) {
    file = try MappedFile(path: path)
    let header = try SafetensorsHeader(parsing: file.bytes, path: path)
    tensors = header.tensors
    metadata = header.metadata
    dataStart = header.dataStart
    index = Dictionary(
      tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The tensor called `name`.
  public subscript(name: String) -> TensorInfo? { index[name].map { tensors[$0] } }

  /// Gives `body` the little-endian bytes of `tensor`; they may be unaligned.
  public func withBytes<R, E: Error>(
    of tensor: TensorInfo, _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    let range = (dataStart + tensor.range.lowerBound)..<(dataStart + tensor.range.upperBound)
    return try body(UnsafeRawBufferPointer(rebasing: file.bytes[range]))
  }

  /// Gives `body` a part of the bytes of `tensor`; they do not stay in memory, so that a large tensor
  /// can be read in pieces.
  public func withBytesOnce<R, E: Error>(
    _ range: Range<Int>, of tensor: TensorInfo, _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    let start = dataStart + tensor.range.lowerBound
    defer { file.release(start + range.lowerBound..<start + range.upperBound) }
    return try withBytes(of: tensor) { bytes throws(E) in
      try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
  }

  /// Lets go of the memory of a tensor's bytes in a range, as `MappedFile.release`.
  public func release(_ range: Range<Int>, of name: String) {
    guard let tensor = self[name] else { return }
    let start = dataStart + tensor.range.lowerBound
    let end = min(start + range.upperBound, dataStart + tensor.range.upperBound)
    if start + range.lowerBound < end { file.release(start + range.lowerBound..<end) }
  }

  /// The mapped bytes of a column of fixed-width numbers, perhaps unaligned; valid while this object
  /// lives.
  ///
  /// - Throws: `StoreError.malformed` naming the tensor when it is missing or of another type.
  public func bytes<T: FixedWidthElement>(
    of name: String, as type: T.Type
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    guard let tensor = self[name] else {
      throw .malformed(
        path: path, found: "no tensor \(name)",
        expected: "\(name) of type \(T.elementType.rawValue)")
    }
    guard tensor.type == T.elementType else {
      throw .malformed(
        path: path, found: "tensor \(name) of type \(tensor.type.rawValue)",
        expected: "type \(T.elementType.rawValue)")
    }
    return withBytes(of: tensor) { $0 }
  }

  /// A whole column of fixed-width numbers.
  ///
  /// - Throws: `StoreError.malformed` naming the tensor when it is missing or of another type.
  public func values<T: FixedWidthElement>(
    of name: String, as type: T.Type = T.self
  ) throws(StoreError) -> [T] {
    let bytes = try bytes(of: name, as: type)
    let length = bytes.count / MemoryLayout<T>.size
    return [T](unsafeUninitializedCapacity: length) { buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
      count = length
    }
  }
}

/// A Swift number that a safetensors column can hold as it is (little-endian machines only).
public protocol FixedWidthElement: BitwiseCopyable {
  /// The column type.
  static var elementType: ElementType { get }
}

extension Float: FixedWidthElement { public static var elementType: ElementType { .f32 } }
extension Double: FixedWidthElement { public static var elementType: ElementType { .f64 } }
extension Int32: FixedWidthElement { public static var elementType: ElementType { .i32 } }
extension Int64: FixedWidthElement { public static var elementType: ElementType { .i64 } }
extension UInt64: FixedWidthElement { public static var elementType: ElementType { .u64 } }
extension UInt16: FixedWidthElement { public static var elementType: ElementType { .u16 } }
extension UInt8: FixedWidthElement { public static var elementType: ElementType { .u8 } }
