/// What is the same as what when case does not count, as Oniguruma sees it.
///
/// Single characters form groups, such as "k", "K" and the Kelvin sign. Some are the same as several
/// others in a row: U+00DF as "ss", whose members may be of either case.
struct CaseFolding: Sendable {
  private let groups: [ScalarSet]
  /// The members of every group, the one that stands for it first.
  private let members: [[UInt32]]
  private let groupOfScalar: [UInt32: Int]
  /// First members of the groups of several characters, by the character that is the same as they.
  private let sequences: [UInt32: [UInt32]]
  private let scalarsOfSequence: [[UInt32]: [UInt32]]
  private static let longestSequence = 3

  static let shared = CaseFolding()

  private init() {
    let rows = HexadecimalTable.rows(of: CaseFoldingData.groups)
    members = rows
    groups = rows.map { row in ScalarSet(row.map { $0...$0 }) }
    var groupOfScalar: [UInt32: Int] = [:]
    for (group, row) in rows.enumerated() {
      for scalar in row { groupOfScalar[scalar] = group }
    }
    self.groupOfScalar = groupOfScalar
    var sequences: [UInt32: [UInt32]] = [:]
    var scalars: [[UInt32]: [UInt32]] = [:]
    for row in HexadecimalTable.rows(of: CaseFoldingData.sequences) {
      sequences[row[0]] = Array(row.dropFirst())
      scalars[Array(row.dropFirst()), default: []].append(row[0])
    }
    self.sequences = sequences
    scalarsOfSequence = scalars
  }

  /// The characters that are the same as one.
  func group(of scalar: UInt32) -> ScalarSet {
    groupOfScalar[scalar].map { groups[$0] } ?? ScalarSet(scalar)
  }

  /// A set with all that is the same as one of its members.
  func closure(of set: ScalarSet) -> ScalarSet {
    var ranges = set.ranges
    for (group, members) in zip(groups, members) where members.contains(where: set.contains) {
      ranges += group.ranges
    }
    return ScalarSet(ranges)
  }

  /// What takes a character of a set, or several that are the same as one.
  func node(for set: ScalarSet) -> RegexNode {
    let closed = closure(of: set)
    var wanted: Set<[UInt32]> = []
    for (scalar, sequence) in sequences where closed.contains(scalar) { wanted.insert(sequence) }
    if wanted.isEmpty { return .set(closed) }
    let several = wanted.sorted { $0.lexicographicallyPrecedes($1) }.map(node(forSequence:))
    return .alternation([.set(closed)] + several)
  }

  /// What takes a row of characters, or what is the same as they.
  func node(forRow row: [UInt32]) -> RegexNode {
    var nodes: [RegexNode] = []
    var place = 0
    while place < row.count {
      let count = commonLength(row[place...])
      let unit = row[place..<place + count].map { first(of: $0) }
      if count > 1, let scalars = scalarsOfSequence[unit] {
        nodes.append(
          .alternation([
            .set(closure(of: ScalarSet(scalars.map { $0...$0 }))), node(forSequence: unit),
          ]))
      } else {
        nodes.append(node(for: ScalarSet(row[place])))
      }
      place += count
    }
    return .sequence(nodes)
  }

  /// How many characters at the start one other character is the same as; one when there is none.
  private func commonLength(_ row: ArraySlice<UInt32>) -> Int {
    for count in stride(from: min(Self.longestSequence, row.count), to: 1, by: -1) {
      let unit = row.prefix(count)
      if unit.contains(where: { sequences[$0] != nil }) { continue }
      if scalarsOfSequence[unit.map { first(of: $0) }] != nil { return count }
    }
    return 1
  }

  private func first(of scalar: UInt32) -> UInt32 {
    groupOfScalar[scalar].flatMap { members[$0].first } ?? scalar
  }

  private func node(forSequence sequence: [UInt32]) -> RegexNode {
    .sequence(sequence.map { .set(group(of: $0)) })
  }
}
