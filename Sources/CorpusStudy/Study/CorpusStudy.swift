public import Corpus
import Foundation
import Store
public import Tokenizers

/// Counts what a corpus holds: lengths, scripts, tokens, equal and nearly equal texts, by source.
///
/// One pass over the texts on all cores; hashes and signatures go to scratch files (32 and 256 bytes a
/// text), so memory does not grow with the texts but for 5 bytes each. The result does not depend on
/// the number of threads.
public struct CorpusStudy: Sendable {
  /// What is asked for.
  public struct Options: Sendable {
    /// Look for nearly equal texts, too.
    public var findsNearDuplicates = true
    /// Least share of equal values of two signatures, an estimate of the Jaccard similarity.
    public var threshold = 0.7
    /// Folder for scratch files; they go away.
    public var scratch = NSTemporaryDirectory()

    public init() {}
  }

  /// What a study is at.
  public enum Phase: String, Sendable {
    case reading, comparing
  }

  private let units: any TextUnits
  private let options: Options
  private let unit: String
  private let corpus: String?

  /// A study of documents in text files.
  public init(
    inputs: [String], reader: ReaderOptions = ReaderOptions(), options: Options = Options()
  ) throws {
    try self.init(inputs: CorpusInputs(inputs), reader: reader, options: options)
  }

  /// A study of documents in inputs that were looked at before.
  public init(
    inputs: CorpusInputs, reader: ReaderOptions = ReaderOptions(), options: Options = Options()
  ) throws {
    units = try DocumentUnits(inputs: inputs, options: reader)
    self.options = options
    unit = "documents"
    corpus = nil
  }

  /// A study of tokenized chunks, decoded and cut at end-of-text tokens.
  public init(
    shards: TokenShards, tokenizer: Tokenizer, endOfText: Int32? = nil,
    options: Options = Options()
  ) throws {
    guard let end = endOfText ?? tokenizer.documentEnd?.id else {
      throw CorpusError.tokenizer(reason: "it names no end-of-text token")
    }
    units = ShardUnits(
      shards: shards, texts: TokenTexts(tokenizer, skipsSpecialTokens: true), endOfText: end)
    self.options = options
    unit = "parts of chunks between end-of-text tokens"
    corpus = try shards.identity()
  }

  /// - Parameter report: how far which phase is; false stops with `CorpusStudyError.cancelled`.
  public func run(
    threads: Int, report: (Phase, Double) -> Bool = { _, _ in true }
  ) throws -> StudyReport {
    let folder = "\(options.scratch)/study-\(UUID().uuidString)"
    try Folder.make(folder)
    defer { try? Folder.remove(folder) }
    let exact = try ExactDuplicates(folder: folder)
    let signatures =
      options.findsNearDuplicates
      ? try ScratchFile(folder: folder, name: "signatures") : nil
    var counts: [SourceCounts] = []
    var textSources: [UInt16] = []
    var isComparable: [Bool] = []
    let (units, findsNear) = (units, options.findsNearDuplicates)
    let isWhole = try OrderedBlocks.run(count: .max, threads: threads) {
      BatchStudy(findsNear: findsNear)
    } produce: { worker, number in
      try units.batch(number).map { worker.study($0) }
    } consume: { number, result in
      guard let result else { return false }
      for index in result.records.indices {
        var record = result.records[index]
        record.unit = UInt64(textSources.count)
        textSources.append(UInt16(clamping: record.source))
        try exact.append(record)
      }
      isComparable += result.isComparable
      try result.signatures.withUnsafeBytes { try signatures?.append($0) }
      SourceCounts.add(result.counts, to: &counts)
      if !report(.reading, units.fraction(after: number + 1)) { throw CorpusStudyError.cancelled }
      return true
    }
    withExtendedLifetime(isWhole) {}
    try exact.find(threads: threads) { duplicate in
      counts[duplicate.source].duplicates += 1
      counts[duplicate.source].duplicateBytes += duplicate.size
      // One of equal texts is enough to compare.
      if !isComparable.isEmpty { isComparable[duplicate.unit] = false }
    }
    if let signatures {
      let file = try signatures.map()
      let near = NearDuplicates(
        signatures: file.bytes, count: textSources.count, threshold: options.threshold
      ) { isComparable[$0] }
      var isCancelled = false
      let groups = near.groups {
        isCancelled = !report(.comparing, $0)
        return !isCancelled
      }
      if isCancelled { throw CorpusStudyError.cancelled }
      for text in groups.indices where Int(groups[text]) != text {
        counts[Int(textSources[text])].nearDuplicates += 1
      }
    }
    return makeReport(counts)
  }

  /// What could not be used, after a run; nothing where shards are studied.
  public var rejects: [RejectSummary] { (units as? DocumentUnits)?.rejects ?? [] }

  private func makeReport(_ counts: [SourceCounts]) -> StudyReport {
    let names = units.sourceNames
    var all = SourceCounts()
    for source in counts { all.add(source) }
    let sources = counts.indices.filter { counts[$0].texts > 0 }.map {
      counts[$0].source(named: names[$0], options.findsNearDuplicates)
    }
    return StudyReport(
      unit: unit, corpus: corpus, sources: sources,
      all: all.source(named: "all", options.findsNearDuplicates),
      rejected: rejects.reduce(0) { $0 + $1.count })
  }
}
