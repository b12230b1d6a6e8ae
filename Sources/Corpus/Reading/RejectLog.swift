import Store

/// Counts rejected documents and keeps where they were, one JSON object a line.
///
/// Records are buffered; whoever reads documents to the end finds them all in the file.
public final class RejectLog {
  /// Where a log was: its length, and the counts.
  struct Mark: Codable, Sendable, Equatable {
    var bytes = 0
    var counts: [String: Int] = [:]
  }

  /// How many of each reason.
  public private(set) var counts: [RejectReason: Int] = [:]
  /// The first of each reason that this run has met, and whole files.
  private var examples: [RejectReason: RejectSummary] = [:]
  private let file: AppendFile?
  private var line: [UInt8] = []

  /// Counts only, or also writes to `path`, from its start.
  public convenience init(path: String? = nil) throws(CorpusError) {
    try self.init(path: path, from: nil)
  }

  /// Goes on from `mark`, dropping what stands behind it.
  init(path: String?, from mark: Mark?) throws(CorpusError) {
    if let path {
      file = try storing { () throws(StoreError) in
        try AppendFile(path: path, keeping: mark?.bytes ?? 0)
      }
    } else {
      file = nil
    }
    for (name, count) in mark?.counts ?? [:] {
      if let reason = RejectReason(rawValue: name) { counts[reason] = count }
    }
  }

  /// All rejected documents.
  public var total: Int { counts.values.reduce(0, +) }

  /// How many of each reason, most first, with the first one.
  public var summaries: [RejectSummary] {
    counts.map { reason, count in
      var summary = examples[reason] ?? RejectSummary(reason: reason, count: count)
      summary.count = count
      return summary
    }.sorted(by: RejectSummary.isBefore)
  }

  /// Notes one rejected document.
  public func record(_ reject: Reject) throws(CorpusError) {
    counts[reject.reason, default: 0] += 1
    if !(examples[reject.reason]?.isFull ?? false) {
      examples[reject.reason, default: RejectSummary(reason: reject.reason, count: .max)].note(
        reject)
    }
    guard let file else { return }
    line.removeAll(keepingCapacity: true)
    reject.append(to: &line)
    let bytes = line
    try bytes.withBytes { (raw) throws(CorpusError) in
      try storing { () throws(StoreError) in try file.append(raw) }
    }
  }

  /// Hands all records to the system.
  public func flush() throws(CorpusError) {
    try storing { () throws(StoreError) in try file?.flush() }
  }

  /// Makes all records durable and says where the log is.
  func checkpoint() throws(CorpusError) -> Mark {
    try storing { () throws(StoreError) in try file?.sync() }
    return Mark(
      bytes: file?.byteCount ?? 0,
      counts: Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) }))
  }
}

extension Reject {
  /// The record as a line of JSON, keys in the order of the alphabet.
  func append(to line: inout [UInt8]) {
    line.append(contentsOf: "{\"file\":".utf8)
    line.append(contentsOf: JSONFile.quoted(file).utf8)
    line.append(contentsOf: ",\"length\":\(length),\"line\":\(self.line),\"offset\":\(offset)".utf8)
    line.append(contentsOf: ",\"reason\":\"\(reason.rawValue)\",\"start\":".utf8)
    line.append(contentsOf: JSONFile.quoted(start).utf8)
    line.append(contentsOf: "}\n".utf8)
  }
}
