import TensorKit

/// A format of files that hold the weights of a model folder. Another format is another type that
/// conforms, and its entry in `ModelFolder.containers`.
protocol WeightContainer: Sendable {
  /// The files that a folder of this format has, as an error names them.
  static var expectedFiles: String { get }

  /// Whether `folder` holds weights of this format.
  static func isPresent(in folder: String) -> Bool

  /// The weight files that `folder` should hold and lacks, in words.
  static func missingFiles(in folder: String) -> [String]

  /// Names of all files of this format in `folder`, sorted.
  ///
  /// - Throws: `ModelError.file`.
  static func files(in folder: String) throws(ModelError) -> [String]

  /// Every tensor that the weights of `folder` have, checked but not read.
  static func open(_ folder: String) throws(ModelError) -> [any StoredTensor]
}

/// One tensor of a container; it keeps its file open.
protocol StoredTensor {
  /// As the file has it.
  var name: String { get }
  var shape: [Int] { get }
  /// As an error shows it.
  var elementType: String { get }
  /// Whether its values can be widened to f32.
  var isReadable: Bool { get }
  /// The element types that can, as a sentence lists them.
  var readableTypes: String { get }
  /// Bytes in its file.
  var byteCount: Int { get }

  /// Widens the values `range`, row-major, to f32. What has been read of the file does not stay
  /// resident.
  func read(_ range: Range<Int>, to target: UnsafeMutablePointer<Float>, ops: Ops)

  /// The values `range`, row-major, in f32, one by one: for comparisons that end soon.
  func values(_ range: Range<Int>) -> [Float]

  /// Whether the bytes `range` are those of another tensor of the same element type.
  func hasBytes(_ range: Range<Int>, of other: any StoredTensor) -> Bool
}

extension StoredTensor {
  /// Values compared at a time.
  private static var pieceCount: Int { 1 << 16 }

  /// Whether every value equals that of `other`; of tensors that cannot be read, every byte.
  func hasValues(of other: any StoredTensor) -> Bool {
    guard shape == other.shape else { return false }
    let isAlike = elementType == other.elementType && byteCount == other.byteCount
    guard isReadable, other.isReadable else {
      return isAlike && hasBytes(0..<byteCount, of: other)
    }
    let count = shape.reduce(1, *)
    for first in stride(from: 0, to: count, by: Self.pieceCount) {
      let range = first..<min(count, first + Self.pieceCount)
      // Not where values share bytes.
      if isAlike, byteCount % count == 0 {
        let size = byteCount / count
        if hasBytes(range.lowerBound * size..<range.upperBound * size, of: other) { continue }
      }
      // Zeros of both signs are equal numbers of other bytes.
      if values(range) != other.values(range) { return false }
    }
    return true
  }
}
