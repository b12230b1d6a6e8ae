import Numerics
import Training

/// Held-out losses as lines for a person.
enum LossLines {
  static func of(_ summary: EvaluationSummary) -> [String] {
    let unit = summary.bands?.unit == .documents ? "documents" : "chunks"
    let sequences = summary.windows == nil ? "chunks" : "texts"
    return (summary.sources + [summary.all]).map { source in
      let bytes = source.bitsPerByte.map {
        ", \(Number.fixed($0, 4))\(band(source.bitsPerByteBand)) bits per byte"
      }
      let documents = source.documents.map { ", \(Number.grouped($0)) documents" } ?? ""
      return
        "\(source.name): loss \(Number.fixed(source.chunkMean, 4))\(band(source.chunkMeanBand)) (mean over "
        + "\(Number.grouped(source.chunks)) \(sequences)\(documents)), \(Number.fixed(source.tokenMean, 4))"
        + "\(band(source.tokenMeanBand)) by token, perplexity \(Number.fixed(source.perplexity, 2))"
        + (bytes ?? "")
    }
      + (summary.bands.map {
        ["in brackets: 95 % by the bootstrap over \(unit), \($0.replicates) draws"]
      } ?? [])
  }

  static func of(_ comparison: EvaluationComparison) -> [String] {
    (comparison.unit == .bitsPerByte
      ? ["the models have other tokens: losses are bits per byte"] : [])
      + (comparison.rows + (comparison.bitsPerByte.map { [$0] } ?? [])).map { row in
        "\(row.name): A \(Number.fixed(row.lossA, 4)), B \(Number.fixed(row.lossB, 4)), B - A "
          + Number.signed(row.delta, 4) + (row.halfWidth.map { " +- \(Number.fixed($0, 4))" } ?? "")
          + band(row.band, signed: true)
      }
      + (comparison.bands.map {
        ["in brackets: 95 % by the bootstrap over \(Number.grouped($0.units)) \($0.unit.rawValue)"]
      } ?? [])
  }

  private static func band(_ interval: Interval?, signed: Bool = false) -> String {
    guard let interval else { return "" }
    let ends = [interval.low, interval.high].map {
      signed ? Number.signed($0, 4) : Number.fixed($0, 4)
    }
    return " [\(ends[0]), \(ends[1])]"
  }
}
