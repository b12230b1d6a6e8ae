import TensorKit

/// Groups of sequences packed so that what the sequences of a group begin with is computed once.
///
/// The longest common beginning of a group's inputs is its stem; what each sequence has beyond it is a
/// branch. Rows are those of all stems, then those of all branches.
public struct BranchedBatch: Sendable, Equatable {
  /// A token that is scored: the row whose logits it is looked up in.
  struct Target: Sendable, Hashable {
    let row: Int
    let token: Int32
  }

  /// Input tokens [rows].
  let tokens: [Int32]
  let offsets: BranchOffsets
  /// In the order of their rows, none twice.
  let targets: [Target]
  /// For every group and sequence, where its scored tokens stand in `targets`.
  private let places: [[[Int]]]

  /// - Parameter sharing: whether beginnings are shared; without, every sequence is a stem.
  /// - Throws: `ModelError.batch` for a sequence without a context or a continuation.
  public init(_ groups: [[ScoredSequence]], sharing: Bool = true) throws(ModelError) {
    let trees = try groups.map { group throws(ModelError) in try Tree(group, sharing: sharing) }
    var tokens: [Int32] = []
    var stems: [Int] = []
    /// First row of each tree's stems.
    var stemRows: [[Int]] = []
    for tree in trees {
      stemRows.append(
        tree.stems.map { stem in
          stems.append(stem.count)
          defer { tokens += stem }
          return tokens.count
        })
    }
    var branches: [(stem: Int, length: Int)] = []
    var rows: [[[Int]]] = []
    var firstStem = 0
    for (tree, stemRows) in zip(trees, stemRows) {
      rows.append(
        tree.sequences.map { sequence in
          let stem = Array(stemRows[sequence.stem]..<stemRows[sequence.stem] + sequence.past)
          let branch = tokens.count..<tokens.count + sequence.branch.count
          if !sequence.branch.isEmpty {
            branches.append((firstStem + sequence.stem, sequence.branch.count))
            tokens += sequence.branch
          }
          return (stem + branch).suffix(sequence.targets.count)
        })
      firstStem += tree.stems.count
    }
    let wanted = zip(trees, rows).map { tree, rows in
      zip(tree.sequences, rows).map { sequence, rows in
        zip(rows, sequence.targets).map { Target(row: $0, token: $1) }
      }
    }
    let unique = Set(wanted.joined().joined())
      .sorted { ($0.row, $0.token) < ($1.row, $1.token) }
    let index = Dictionary(uniqueKeysWithValues: zip(unique, unique.indices))
    self.tokens = tokens
    offsets = BranchOffsets(stems: stems, branches: branches)
    targets = unique
    places = wanted.map { $0.map { $0.compactMap { index[$0] } } }
  }

  /// Positions of a model's pass over it.
  public var tokenCount: Int { tokens.count }
  public var sequenceCount: Int { offsets.stems.count + offsets.branches.count }

  /// The positions that a group will take in a batch.
  public static func tokenCount(of group: [ScoredSequence], sharing: Bool = true) -> Int {
    guard let tree = try? Tree(group, sharing: sharing) else { return 0 }
    return tree.stems.reduce(0) { $0 + $1.count }
      + tree.sequences.reduce(0) { $0 + $1.branch.count }
  }

  /// The continuations' scores by group and sequence, from those of `targets`.
  func scores(_ scores: [TokenScore]) -> [[ContinuationScore]] {
    places.map {
      $0.map { places in
        ContinuationScore(
          logProbability: places.reduce(0) { $0 + Double(scores[$1].logProbability) },
          isGreedy: places.allSatisfy { scores[$0].isGreedy })
      }
    }
  }
}

/// The stems and branches of one group.
private struct Tree {
  struct Sequence {
    /// Index of its stem.
    let stem: Int
    /// Tokens of the stem.
    let past: Int
    /// The inputs behind the stem.
    let branch: ArraySlice<Int32>
    let targets: ArraySlice<Int32>
  }

  let stems: [ArraySlice<Int32>]
  let sequences: [Sequence]

  init(_ group: [ScoredSequence], sharing: Bool) throws(ModelError) {
    for sequence in group
    where sequence.scored < 1 || sequence.scored >= sequence.tokens.count {
      throw .batch(
        found: "\(sequence.scored) scored tokens of \(sequence.tokens.count)",
        expected: "a context and a continuation of at least one token each")
    }
    let inputs = group.map { $0.tokens.dropLast() }
    var shared = sharing && group.count > 1 ? inputs.map(\.count).min() ?? 0 : 0
    if let first = inputs.first {
      for input in inputs.dropFirst() {
        shared = zip(first.prefix(shared), input).prefix { $0 == $1 }.count
      }
    }
    let ends = group.map { $0.tokens.suffix($0.scored) }
    if shared > 0, let first = inputs.first {
      stems = [first.prefix(shared)]
      sequences = zip(inputs, ends).map { input, targets in
        Sequence(stem: 0, past: shared, branch: input.dropFirst(shared), targets: targets)
      }
    } else {
      stems = inputs
      sequences = zip(inputs, ends).enumerated().map { index, sequence in
        Sequence(
          stem: index, past: sequence.0.count, branch: [], targets: sequence.1)
      }
    }
  }
}
