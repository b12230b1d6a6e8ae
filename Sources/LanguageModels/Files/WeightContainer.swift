import Store
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
  static func files(in folder: String) throws(StoreError) -> [String]

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

  /// Widens the values `range`, row-major, to f32. What has been read of the file does not stay
  /// resident.
  func read(_ range: Range<Int>, to target: UnsafeMutablePointer<Float>, ops: Ops)
}
