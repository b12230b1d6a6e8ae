import LanguageModels

/// The items of one task as passes of a model: those of like length together, the longest first, so
/// that the first pass takes the most memory and estimates of time err on the long side.
struct TaskPasses {
  /// Items of each pass, by their place in the file.
  let passes: [[Int]]
  /// Positions of each item's sequences.
  let positions: [Int]
  /// Positions of the largest pass.
  let mostTokens: Int
  /// Sequences of the pass that has most.
  let mostSequences: Int
  /// Inputs of the longest text.
  let longest: Int

  /// - Parameters:
  ///   - groups: the texts of every item.
  ///   - passTokens: positions of a pass; an item that needs more is a pass of its own.
  init(_ groups: [[ScoredSequence]], passTokens: Int, sharing: Bool) {
    let positions = groups.map { BranchedBatch.tokenCount(of: $0, sharing: sharing) }
    let order = groups.indices.sorted { (positions[$0], $1) > (positions[$1], $0) }
    var passes: [[Int]] = []
    var room = 0
    for item in order {
      if passes.isEmpty || positions[item] > room {
        passes.append([])
        room = passTokens
      }
      passes[passes.count - 1].append(item)
      room -= positions[item]
    }
    self.passes = passes
    self.positions = positions
    mostTokens = passes.map { $0.reduce(0) { $0 + positions[$1] } }.max() ?? 0
    // A stem and a branch for every text.
    mostSequences = passes.map { $0.reduce(0) { $0 + groups[$1].count + 1 } }.max() ?? 0
    longest = groups.joined().map { $0.tokens.count - 1 }.max() ?? 0
  }

  /// Positions of all passes.
  var total: Int { positions.reduce(0, +) }
}
