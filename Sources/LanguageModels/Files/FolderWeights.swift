import TensorKit

/// The tensors of a model folder, widened to f32 and checked.
final class FolderWeights: TensorSource {
  private let folder: String
  private let files: WeightFiles
  private let table: ParameterTable
  private let ops: Ops
  /// Tensors with values that are not finite.
  private var problems: [TensorProblem] = []

  /// - Throws: `ModelError.tensors` with every difference from what `table` asks for.
  init(folder: String, table: ParameterTable, ops: Ops) throws {
    self.folder = folder
    self.table = table
    self.ops = ops
    files = try WeightFiles(folder: folder)
    let problems = files.problems(for: table)
    if !problems.isEmpty { throw ModelError.tensors(path: folder, problems: problems) }
  }

  func fill(_ entry: ParameterTable.Entry, _ target: UnsafeMutablePointer<Float>) throws {
    guard let stored = files.stored(for: entry, in: table) else { return }
    WeightConversion.read(stored, to: target, ops: ops)
    if !ops.allFinite(target, count: entry.count) {
      problems.append(.notFinite(name: entry.name))
    }
  }

  /// Throws what was found while tensors were read.
  func finish() throws {
    if !problems.isEmpty { throw ModelError.tensors(path: folder, problems: problems) }
  }
}
