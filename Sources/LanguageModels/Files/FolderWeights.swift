import TensorKit

/// Hears what share of a model's values has been read, 0...1, after every piece of a tensor; an error
/// ends the loading.
public typealias LoadingProgress = (Double) throws -> Void

/// The tensors of a model folder, widened to f32 and checked.
final class FolderWeights: TensorSource {
  private let stored: StoredWeights
  private let table: ParameterTable
  private let ops: Ops
  /// Tensors with values that are not finite.
  private var problems: [TensorProblem] = []
  /// Values that have been read, and those of the whole model.
  private var done = 0
  private let total: Int
  private let progress: LoadingProgress?

  init(
    _ stored: StoredWeights, table: ParameterTable, ops: Ops, progress: LoadingProgress? = nil
  ) {
    self.stored = stored
    self.table = table
    self.ops = ops
    self.progress = progress
    total = table.entries.reduce(0) { $0 + ($1.tiedTo == nil ? $1.count : 0) }
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
      done += count
      // What is read a second time to be packed anew counts as the last of it.
      try progress?(min(1, Double(done) / Double(max(1, total))))
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
