import Store
public import TensorKit

/// What the checks before a scoring found; `checks.json` beside the scores.
public struct CheckReport: Codable, Sendable, Equatable {
  /// Name of the file.
  public static let fileName = "checks.json"

  /// What the checks were about: a digest of the corpus, both models and the settings.
  public var identity: String
  public var rows: [CheckRow]
  /// In which both models were tried, and will score.
  public var precision: Precision
  /// Why it is that one, where `auto` was asked for.
  public var resolved: ResolvedPrecision?
  /// Chunks of the probe.
  public var probeChunks: Int
  /// Seconds that the whole corpus takes; nil where nothing could be measured.
  public var secondsForAll: Double?

  /// Rows that keep the work from beginning.
  public var gates: [CheckRow] { rows.filter(\.isGate) }

  /// The waived failures as they stand in the record of the scores; nil when there are none.
  public var waived: String? {
    let waived = rows.filter(\.isWaived).map { CheckWaiver($0.check, reason: $0.reason).words }
    return waived.isEmpty ? nil : waived.joined(separator: ", ")
  }

  /// - Throws: `PipelineError.checks` when one has failed that nobody waived.
  public func require() throws(PipelineError) {
    if !gates.isEmpty { throw .checks(gates) }
  }

  /// The report in a folder of scores; nil where there is none that can be read.
  public static func read(folder: String) -> CheckReport? {
    let path = "\(folder)/\(fileName)"
    return Folder.exists(path) ? try? JSONFile.read(CheckReport.self, from: path) : nil
  }

  func write(folder: String) throws(StoreError) {
    try JSONFile.write(self, to: "\(folder)/\(Self.fileName)")
  }

  /// Takes a newer row for an older one of its check.
  mutating func replace(_ row: CheckRow) {
    guard let index = rows.firstIndex(where: { $0.check == row.check }) else { return }
    let old = rows[index]
    rows[index] = row
    if row.state == .failed {
      (rows[index].isWaived, rows[index].reason) = (old.isWaived, old.reason)
    }
  }

  /// Marks the failures that are waived.
  mutating func waive(_ waivers: [CheckWaiver]) {
    for index in rows.indices where rows[index].state == .failed {
      guard let waiver = waivers.first(where: { $0.check == rows[index].check }) else { continue }
      rows[index].isWaived = true
      rows[index].reason = waiver.reason
    }
  }
}

extension Work {
  /// Says what the checks found, a line each: what is well only where progress is wanted.
  func note(_ report: CheckReport) {
    for row in report.rows {
      let isGood = [.ok, .unknown].contains(row.state)
      let advice = row.state == .warning ? row.advice.map { " \($0)" } ?? "" : ""
      note(
        "check \(row.check.rawValue): \(row.word): \(row.text)\(advice)", isGood ? .info : .warning)
    }
  }
}
