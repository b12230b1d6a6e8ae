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

  func reader(of entry: ParameterTable.Entry) throws -> TensorReader {
    guard let stored = files.stored(for: entry, in: table) else {
      throw ModelError.tensors(
        path: folder, problems: [.missing(name: entry.name, expected: entry.shape)])
    }
    var first = 0
    return { [self] count, target in
      WeightConversion.read(stored, first..<first + count, to: target, ops: ops)
      first += count
      let problem = TensorProblem.notFinite(name: entry.name)
      if problems.last != problem, !ops.allFinite(target, count: count) {
        problems.append(problem)
      }
    }
  }

  /// Throws what was found while tensors were read.
  func finish() throws {
    if !problems.isEmpty { throw ModelError.tensors(path: folder, problems: problems) }
  }
}
