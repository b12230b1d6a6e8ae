/// Counts of one source.
struct SourceCounts: Sendable {
  var texts = 0
  var bytes = 0
  var tokens = 0
  var duplicates = 0
  var duplicateBytes = 0
  var nearDuplicates = 0
  var lengths = LengthHistogram()
  var scripts = ScriptCounter()

  mutating func add(_ other: SourceCounts) {
    texts += other.texts
    bytes += other.bytes
    tokens += other.tokens
    duplicates += other.duplicates
    duplicateBytes += other.duplicateBytes
    nearDuplicates += other.nearDuplicates
    lengths.add(other.lengths)
    scripts.add(other.scripts)
  }

  /// Adds the counts of a batch, by number of the source.
  static func add(_ batch: [Int: SourceCounts], to all: inout [SourceCounts]) {
    for (source, counts) in batch {
      while all.count <= source { all.append(SourceCounts()) }
      all[source].add(counts)
    }
  }

  func source(named name: String, _ hasNear: Bool) -> StudyReport.Source {
    var source = StudyReport.Source(name: name)
    source.texts = texts
    source.bytes = bytes
    source.tokens = tokens
    source.duplicates = duplicates
    source.duplicateBytes = duplicateBytes
    source.nearDuplicates = hasNear ? nearDuplicates : nil
    source.lengths = [0.1, 0.5, 0.9].map { lengths.quantile($0) } + [lengths.longest]
    for script in Script.allCases where scripts.bytes[Int(script.rawValue)] > 0 {
      source.scripts[script] = scripts.bytes[Int(script.rawValue)]
    }
    return source
  }
}

/// Counts and hashes batches of texts; one for each thread.
struct BatchStudy {
  struct Result: Sendable {
    var counts: [Int: SourceCounts] = [:]
    var records: [ExactDuplicates.Record] = []
    var signatures: [UInt16] = []
    /// Whether a text has a signature that says something.
    var isComparable: [Bool] = []
  }

  private let findsNear: Bool
  private var minHash = MinHash()

  init(findsNear: Bool) { self.findsNear = findsNear }

  mutating func study(_ batch: TextBatch) -> Result {
    var result = Result()
    result.records.reserveCapacity(batch.units.count)
    if findsNear { result.signatures.reserveCapacity(batch.units.count * MinHash.bins) }
    batch.bytes.withUnsafeBufferPointer { bytes in
      for unit in batch.units {
        let text = UnsafeBufferPointer(rebasing: bytes[unit.range])
        var counts = result.counts.removeValue(forKey: unit.source) ?? SourceCounts()
        counts.texts += 1
        counts.bytes += text.count
        counts.tokens += unit.tokens
        counts.lengths.add(text.count)
        counts.scripts.count(text)
        result.counts[unit.source] = counts
        result.records.append(
          ExactDuplicates.Record(
            text: UnsafeRawBufferPointer(text), unit: 0, source: unit.source))
        if findsNear {
          result.isComparable.append(
            minHash.appendSignature(of: text, to: &result.signatures))
        }
      }
    }
    return result
  }
}
