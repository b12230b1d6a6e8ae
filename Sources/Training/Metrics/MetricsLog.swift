public import Store

/// One line of `metrics.jsonl`.
public enum MetricsRecord: Sendable, Equatable {
  case step(StepMetrics)
  case evaluation(EvaluationRecord)
  case checkpoint(CheckpointRecord)
  case epoch(EpochRecord)

  /// Steps done when the line was written.
  public var step: Int {
    switch self {
    case .step(let metrics): metrics.step
    case .evaluation(let record): record.step
    case .checkpoint(let record): record.step
    case .epoch(let record): record.step
    }
  }
}

extension MetricsRecord: Codable {
  private enum Kind: String, Codable { case step, evaluation, checkpoint, epoch }
  private enum CodingKeys: CodingKey { case kind }

  public init(from decoder: any Decoder) throws {
    switch try decoder.container(keyedBy: CodingKeys.self).decode(Kind.self, forKey: .kind) {
    case .step: self = .step(try StepMetrics(from: decoder))
    case .evaluation: self = .evaluation(try EvaluationRecord(from: decoder))
    case .checkpoint: self = .checkpoint(try CheckpointRecord(from: decoder))
    case .epoch: self = .epoch(try EpochRecord(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .step(let metrics):
      try container.encode(Kind.step, forKey: .kind)
      try metrics.encode(to: encoder)
    case .evaluation(let record):
      try container.encode(Kind.evaluation, forKey: .kind)
      try record.encode(to: encoder)
    case .checkpoint(let record):
      try container.encode(Kind.checkpoint, forKey: .kind)
      try record.encode(to: encoder)
    case .epoch(let record):
      try container.encode(Kind.epoch, forKey: .kind)
      try record.encode(to: encoder)
    }
  }
}

/// The metrics of a run, `metrics.jsonl`: complete, in order and without repetition, however often
/// the run was stopped or killed.
public final class MetricsLog {
  /// Name of the file in a run's folder.
  public static let fileName = "metrics.jsonl"

  private let log: JSONLinesLog
  /// Lines that the disk had no room for.
  private var pending: [MetricsRecord] = []

  /// Opens the log of a run that continues from `state`, dropping what was written after it; a run
  /// from the start (`nil`) gets an empty log.
  public init(runFolder: String, continuing state: TrainingState?) throws(StoreError) {
    let path = runFolder + "/" + Self.fileName
    try CrashRemains.remove(from: runFolder)
    if Folder.exists(path) {
      let records = state == nil ? [] : try Self.read(runFolder: runFolder)
      let kept = records.filter { state?.covers($0) ?? false }
      if kept.count < records.count || state == nil { try Self.rewrite(kept, path: path) }
    }
    log = try JSONLinesLog(appendingTo: path)
  }

  /// Appends a line, behind those that an earlier call could not write. One that cannot be written is
  /// kept for the next call.
  public func append(_ record: MetricsRecord) throws(StoreError) {
    pending.append(record)
    try flush()
  }

  private func flush() throws(StoreError) {
    while let first = pending.first {
      try log.append(first)
      pending.removeFirst()
    }
  }

  /// Makes all lines durable; done before a checkpoint is published, so that a checkpoint never
  /// knows more steps than the log.
  public func sync() throws(StoreError) {
    try flush()
    try log.sync()
  }

  /// Reads every line of a run, oldest first; a run without a log has none.
  public static func read(runFolder: String) throws(StoreError) -> [MetricsRecord] {
    try JSONLinesLog.read(MetricsRecord.self, from: runFolder + "/" + fileName)
  }

  private static func rewrite(_ records: [MetricsRecord], path: String) throws(StoreError) {
    try AtomicFile.write(to: path) { (writer) throws(StoreError) in
      for record in records {
        try writer.write(text: try JSONFile.text(of: record, pretty: false) + "\n")
      }
    }
  }
}
