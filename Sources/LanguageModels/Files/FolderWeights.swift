import TensorKit

/// The tensors of a model folder, widened to f32 and checked.
final class FolderWeights: TensorSource {
  private let stored: StoredWeights
  private let table: ParameterTable
  private let ops: Ops
  /// Tensors with values that are not finite.
  private var problems: [TensorProblem] = []

  init(_ stored: StoredWeights, table: ParameterTable, ops: Ops) {
    self.stored = stored
    self.table = table
    self.ops = ops
  }

  func reader(of entry: ParameterTable.Entry) throws -> TensorReader {
    guard let tensor = stored.stored(for: entry, in: table) else {
      throw ModelError.tensors(
        path: stored.folder, problems: [.missing(name: entry.name, expected: entry.shape)])
    }
    var first = 0
    return { [self] count, target in
      tensor.read(first..<first + count, to: target, ops: ops)
      first += count
      let problem = TensorProblem.notFinite(name: entry.name)
      if problems.last != problem, !ops.allFinite(target, count: count) {
        problems.append(problem)
      }
    }
  }

  /// Throws what was found while tensors were read.
  func finish() throws {
    if !problems.isEmpty { throw ModelError.tensors(path: stored.folder, problems: problems) }
  }
}
