/// A GGUF file, mapped and checked on opening: metadata, and the names, types, shapes and places of
/// its tensors.
///
/// Format: ggml's docs/gguf.md, versions 2 and 3, little endian.
public struct GGUFFile: Sendable {
  /// Where the file stands.
  public var path: String { file.path }
  /// The version of the format.
  public let version: Int
  /// The metadata by key.
  public let metadata: [String: GGUFValue]
  /// Every tensor, in the file's order.
  public let tensors: [GGUFTensorInfo]
  /// Bytes of the whole file.
  public var byteCount: Int { file.bytes.count }

  private let file: MappedFile
  private let index: [String: Int]

  /// The first bytes of every such file.
  public static let magic = Array("GGUF".utf8)

  /// Maps and checks `path`.
  ///
  /// - Parameter readsTextLists: whether lists of texts are among the metadata. Without them, which
  ///   takes a tenth of the time where a vocabulary is in the file, they are passed over.
  /// - Throws: `StoreError.system`, or `StoreError.malformed` for what is no such file, cut, of another
  ///   version or byte order, or contradicts itself.
  public init(path: String, readsTextLists: Bool = true) throws(StoreError) {
    file = try MappedFile(path: path)
    let header = try GGUFHeader(parsing: file.bytes, path: path, readsTextLists: readsTextLists)
    version = header.version
    metadata = header.metadata
    tensors = header.tensors
    index = header.index
  }

  /// The tensor called `name`.
  public subscript(name: String) -> GGUFTensorInfo? { index[name].map { tensors[$0] } }

  /// Gives `body` a part of the bytes of `tensor`, perhaps unaligned.
  public func withBytes<R, E: Error>(
    _ range: Range<Int>, of tensor: GGUFTensorInfo,
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    let start = tensor.range.lowerBound
    return try body(
      UnsafeRawBufferPointer(
        rebasing: file.bytes[start + range.lowerBound..<start + range.upperBound]))
  }

  /// Lets go of the memory of a part of a tensor's bytes, so that a large tensor can be read in
  /// pieces; as `MappedFile.release`.
  public func release(_ range: Range<Int>, of tensor: GGUFTensorInfo) {
    let start = tensor.range.lowerBound
    file.release(start + range.lowerBound..<start + range.upperBound)
  }
}

/// Name, type and place of one tensor in a GGUF file.
public struct GGUFTensorInfo: Sendable, Equatable {
  /// The tensor's name.
  public let name: String
  /// Its element type; nil for one that is newer than this program.
  public let type: GGUFElementType?
  /// The element type as ggml calls it: "Q4_K".
  public let typeName: String
  /// Its shape, the last size that of what lies side by side: ggml writes it the other way round.
  public let shape: [Int]
  /// Its bytes in the file. Of an unknown type they reach to the next tensor.
  public let range: Range<Int>

  /// Number of values.
  public var count: Int { shape.reduce(1, *) }
}
