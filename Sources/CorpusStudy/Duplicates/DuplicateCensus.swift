public import Corpus
import Foundation
import Store
public import Tokenizers

/// Counts equal and nearly equal texts of a corpus by groups of its chunks, such as those that are kept
/// and those that are dropped.
///
/// Texts are the parts of chunks between end-of-text tokens, as in `CorpusStudy`, whose hashes and
/// signatures these are: one pass over all chunks, 32 and 256 bytes a text in scratch files, some bytes a
/// text in memory.
public struct DuplicateCensus: Sendable {
  /// What was found in one group, or in all.
  public struct Counts: Codable, Sendable, Equatable {
    public var texts = 0
    public var bytes = 0
    /// Texts that equal an earlier one of the same group, and their bytes: what the group would lose
    /// without a loss.
    public var duplicates = 0
    public var duplicateBytes = 0
    /// Of the texts that differ, those that only nearly equal another of the same group; nil when nobody
    /// looked.
    public var nearDuplicates: Int?
    /// Texts that equal an earlier one anywhere in the corpus: over all groups they are all of them.
    public var copies = 0
    public var nearCopies: Int?

    public init() {}
  }

  private let units: ShardUnits
  private let options: CorpusStudy.Options

  /// - Throws: `CorpusError.tokenizer` where nothing names an end-of-text token.
  public init(
    shards: TokenShards, tokenizer: Tokenizer, endOfText: Int32? = nil,
    options: CorpusStudy.Options = CorpusStudy.Options()
  ) throws {
    guard let end = endOfText ?? tokenizer.documentEnd?.id else {
      throw CorpusError.tokenizer(reason: "it names no end-of-text token")
    }
    units = ShardUnits(
      shards: shards, texts: TokenTexts(tokenizer, skipsSpecialTokens: true), endOfText: end)
    self.options = options
  }

  /// - Parameters:
  ///   - groups: how many there are, at most 8.
  ///   - group: of a chunk; asked on any thread.
  ///   - report: how far which phase is; false stops with `CorpusStudyError.cancelled`.
  /// - Returns: the counts of all, and of each group.
  public func run(
    threads: Int, groups: Int, group: @escaping @Sendable (_ chunk: Int) -> Int,
    report: (CorpusStudy.Phase, Double) -> Bool = { _, _ in true }
  ) throws -> (all: Counts, groups: [Counts]) {
    precondition((1...8).contains(groups), "a bit for each group")
    let folder = "\(options.scratch)/census-\(UUID().uuidString)"
    try Folder.make(folder)
    defer { try? Folder.remove(folder) }
    let exact = try ExactDuplicates(folder: folder)
    let findsNear = options.findsNearDuplicates
    let signatures = findsNear ? try ScratchFile(folder: folder, name: "signatures") : nil
    var tally = Tally(groups: groups, findsNear: findsNear)
    let units = units
    _ = try OrderedBlocks.run(count: .max, threads: threads) {
      BatchStudy(findsNear: findsNear)
    } produce: { worker, number in
      try units.batch(number).map { batch in
        (
          found: worker.study(batch), groups: batch.units.map { group($0.chunk) },
          sizes: batch.units.map(\.range.count)
        )
      }
    } consume: { number, batch in
      guard let batch else { return false }
      for index in batch.found.records.indices {
        var record = batch.found.records[index]
        record.unit = UInt64(tally.groupOfText.count)
        tally.add(group: min(max(0, batch.groups[index]), groups - 1), bytes: batch.sizes[index])
        try exact.append(record)
      }
      tally.isComparable += batch.found.isComparable
      try batch.found.signatures.withUnsafeBytes { try signatures?.append($0) }
      if !report(.reading, units.fraction(after: number + 1)) { throw CorpusStudyError.cancelled }
      return true
    }
    try exact.find(threads: threads) { tally.addCopy($0) }
    if let signatures {
      let file = try signatures.map()
      let comparable = tally.isComparable
      let near = NearDuplicates(
        signatures: file.bytes, count: tally.groupOfText.count, threshold: options.threshold
      ) { comparable[$0] }
      var isCancelled = false
      let roots = near.groups {
        isCancelled = !report(.comparing, $0)
        return !isCancelled
      }
      if isCancelled { throw CorpusStudyError.cancelled }
      tally.addNearCopies(roots)
    }
    return (tally.all, tally.counts)
  }
}

/// Counts as texts and their copies come.
private struct Tally {
  var groupOfText: [UInt8] = []
  var isComparable: [Bool] = []
  /// Groups, a bit each, that have a text or a copy of it; by text, where nearly equal ones are sought.
  private var presence: [UInt8] = []
  private let findsNear: Bool
  private(set) var all = DuplicateCensus.Counts()
  private(set) var counts: [DuplicateCensus.Counts]
  /// The cluster of equal texts that comes just now, and the groups that it has met.
  private var cluster = (first: -1, met: UInt8(0))

  init(groups: Int, findsNear: Bool) {
    counts = Array(repeating: DuplicateCensus.Counts(), count: groups)
    self.findsNear = findsNear
    guard findsNear else { return }
    (all.nearDuplicates, all.nearCopies) = (0, 0)
    for group in counts.indices {
      (counts[group].nearDuplicates, counts[group].nearCopies) = (0, 0)
    }
  }

  mutating func add(group: Int, bytes: Int) {
    groupOfText.append(UInt8(group))
    if findsNear { presence.append(1 << UInt8(group)) }
    all.texts += 1
    all.bytes += bytes
    counts[group].texts += 1
    counts[group].bytes += bytes
  }

  /// Copies of one text come one after the other, in the order of the corpus.
  mutating func addCopy(_ copy: ExactDuplicates.Duplicate) {
    let group = Int(groupOfText[copy.unit])
    if cluster.first != copy.first {
      cluster = (copy.first, 1 << groupOfText[copy.first])
    }
    all.duplicates += 1
    all.duplicateBytes += copy.size
    all.copies += 1
    counts[group].copies += 1
    if cluster.met & 1 << UInt8(group) != 0 {
      counts[group].duplicates += 1
      counts[group].duplicateBytes += copy.size
    }
    cluster.met |= 1 << UInt8(group)
    if findsNear { presence[copy.first] = cluster.met }
    // One of equal texts is enough to compare.
    if !isComparable.isEmpty { isComparable[copy.unit] = false }
  }

  /// - Parameter roots: the first of the texts that each is nearly equal to.
  mutating func addNearCopies(_ roots: [UInt32]) {
    var met = [UInt8](repeating: 0, count: roots.count)
    for text in roots.indices {
      // Copies are no texts of their own: where they are, the first of them is as well.
      guard isComparable[text] else { continue }
      let root = Int(roots[text])
      if root != text {
        all.nearDuplicates? += 1
        all.nearCopies? += 1
        counts[Int(groupOfText[text])].nearCopies? += 1
        for group in counts.indices where met[root] & presence[text] & 1 << UInt8(group) != 0 {
          counts[group].nearDuplicates? += 1
        }
      }
      met[root] |= presence[text]
    }
  }
}
