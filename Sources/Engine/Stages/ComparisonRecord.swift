import EngineInterface
import Numerics
import Pipeline
import Store
import Training

/// What the comparison of two students found; `report.json`, beside the report for people.
struct ComparisonRecord: Codable, Equatable {
  /// Name of the file.
  static let fileName = "report.json"

  /// What was found of a commit; nil while its students are not compared.
  static func read(_ places: CommitFolder) throws -> ComparisonRecord? {
    let path = places.report + "/" + fileName
    return Folder.exists(path) ? try JSONFile.read(ComparisonRecord.self, from: path) : nil
  }

  /// Planted damage of one kind.
  struct Damage: Codable, Equatable {
    var kind: String
    var documents: Int
    var tokens: Int
    /// Share of its tokens that was dropped, 0...1.
    var droppedShare: Double
  }

  /// What was kept of a source.
  struct Source: Codable, Equatable {
    var name: String
    var chunks: Int
    var keptChunks: Int
    /// 0...1.
    var keepRate: Double
  }

  /// How a model came out.
  struct Model: Codable, Equatable {
    var role: String
    var parameters: Int
    /// That it was trained on; nil for a model that was trained elsewhere.
    var tokens: Int?
    /// Held-out loss as MiniPLM publishes it (mean over chunks), nats a token.
    var heldOutLoss: Double?
    /// On the held-out text; nil in reports from before it was measured.
    var bitsPerByte: Double?
  }

  var project: String
  var commit: String
  var ratio: Double
  var threshold: Double
  var chunks: Int
  var keptChunks: Int
  var tokens: Int
  var keptTokens: Int
  var departures: [String]
  /// Checks that failed before scoring and were waived; nil where none was.
  var waived: String?
  var sources: [Source]
  var damage: [Damage]
  var models: [Model]
  /// Tokens that each student was trained on.
  var studentTokens: Int
  var comparison: EvaluationComparison
  var machine: String
  /// Bytes of text of a demo; nil for text of the user's own, and in older reports.
  var textBytes: Int?

  /// Plain sentences, warnings first.
  var summary: [String] {
    var lines: [String] = []
    let all = comparison.chunkMean
    let interval = all.halfWidth ?? .infinity
    let measure = "held-out loss (mean over chunks)"
    let over = all.band.map { band in
      " (over \(comparison.bands?.unit.rawValue ?? "documents") "
        + "\(Number.signed(band.low, 3)) to \(Number.signed(band.high, 3)))"
    }
    let difference =
      "difference \(Number.signed(all.delta, 3)) +- \(Number.fixed(interval, 3))\(over ?? "") nats "
      + "per token."
    let (a, b) = (Number.fixed(all.lossA, 3), Number.fixed(all.lossB, 3))
    if all.isSignificant && all.delta < 0 {
      lines.append("The refined student is better: \(measure) \(b) against \(a), \(difference)")
    } else if all.isSignificant {
      lines.append("The refined student is worse: \(measure) \(b) against \(a), \(difference)")
    } else {
      lines.append(
        "No difference can be told: \(measure) \(b) refined, \(a) uniform, \(difference)")
    }
    let worse = comparison.sources.filter { $0.isSignificant && $0.delta > 0 }
    if !worse.isEmpty {
      let names = worse.map { row in
        let rate = sources.first { $0.name == row.name }.map {
          ", keep rate \(Number.percent($0.keepRate))"
        }
        return "\(row.name) (\(Number.signed(row.delta, 3))\(rate ?? ""))"
      }
      lines.append("Worse on: \(names.joined(separator: ", ")).")
    }
    let kinds = damage.filter { $0.kind != "none" }
    if !kinds.isEmpty {
      let parts = kinds.map { "\($0.kind) \(Number.percent($0.droppedShare))" }
      let clean = damage.first { $0.kind == "none" }.map {
        "; clean text \(Number.percent($0.droppedShare))"
      }
      lines.append("Dropped: \(parts.joined(separator: ", "))\(clean ?? "").")
    }
    return lines + remarks
  }

  /// What casts doubt on it.
  private var remarks: [String] {
    (waived.map { ["Scored although checks failed, which were waived: \($0)."] } ?? [])
      + (departures.isEmpty
        ? [] : ["Not the pure method: \(departures.joined(separator: ", "))."])
  }

  /// - Parameter curveChunks: held-out chunks that the curves of the runs are means of at most.
  func snapshot(path: String, runs: [RunSnapshot], curveChunks: Int) -> ComparisonSnapshot {
    func row(_ row: EvaluationComparison.Row) -> ComparisonSnapshot.Row {
      ComparisonSnapshot.Row(
        name: row.name, chunks: row.chunks, a: row.lossA, b: row.lossB, difference: row.delta,
        interval: row.halfWidth ?? .nan,
        band: row.band.map { ComparisonSnapshot.Band(low: $0.low, high: $0.high) },
        keepRate: sources.first { $0.name == row.name }?.keepRate)
    }
    return ComparisonSnapshot(
      names: ["A uniform", "B refined"], rows: comparison.sources.map(row),
      chunkMean: row(comparison.chunkMean), macro: row(comparison.macro),
      total: row(comparison.tokenMean), bitsPerByte: comparison.bitsPerByte.map(row),
      bandUnit: comparison.bands?.unit.rawValue, runs: runs,
      curveChunks: curveChunks < comparison.chunkMean.chunks ? curveChunks : nil,
      labels: damage.map {
        SelectionSnapshot.Label(
          name: $0.kind, documents: $0.documents, tokens: $0.tokens, droppedShare: $0.droppedShare)
      }, remarks: remarks, report: path)
  }
}
