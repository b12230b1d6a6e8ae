import CorpusQuality
import CorpusStudy
import DifferenceSampling
import Numerics

/// The quality of a corpus as lines for a person.
enum QualityLines {
  static func of(_ report: QualityReport) -> [String] {
    rates(report.rates) + [""] + groups(report) + damage(report) + agreements(report)
  }

  private static func rates(_ rates: KeepRates) -> [String] {
    var lines: [String] = []
    for row in rates.sources + [rates.all] {
      var line =
        "\(row.source): kept \(Number.grouped(row.kept)) of \(Number.grouped(row.chunks)) chunks, "
        + Number.percent(row.keepRate, 1)
      if let interval = row.interval {
        line +=
          " [\(Number.fixed(interval.low * 100, 1)), \(Number.fixed(interval.high * 100, 1))]"
      }
      lines.append(line)
    }
    let mixture = ChunkGroup.allCases.map {
      "\($0.rawValue) \(Number.fixed(rates.mixtureEntropy[$0.rawValue], 3))"
    }
    return lines + ["mixture of sources: \(mixture.joined(separator: ", ")) bits"]
  }

  private static func groups(_ report: QualityReport) -> [String] {
    var lines = [
      "diversity of \(Number.grouped(report.sample.chunks)) chunks of each, cut to "
        + "\(Number.grouped(report.sample.tokens)) tokens:"
    ]
    for group in report.groups {
      let ngrams = group.ngrams.map { Number.fixed($0.ratio, 4) }.joined(separator: " ")
      let unit = group.compression.unit == .text ? "text" : "token ids"
      var line =
        "\(group.group.rawValue): distinct 1- to 4-grams \(ngrams), zstd -\(group.compression.level) of "
        + "\(unit) \(Number.fixed(group.compression.ratio, 3))"
      if let vendi = group.vendi {
        line += ", Vendi \(Number.fixed(vendi.score, 3))"
        if let centred = group.centredVendi {
          line += " (centred \(Number.fixed(centred.score, 2)))"
        }
        line += " of \(Number.grouped(vendi.items)) chunks"
      }
      lines.append(line)
    }
    for group in report.groups {
      guard let found = group.duplicates else { continue }
      let near = found.nearDuplicates.map { ", \(Number.grouped($0)) more nearly" } ?? ""
      let nearCopies = found.nearCopies.map { ", \(Number.grouped($0)) more nearly" } ?? ""
      lines.append(
        "\(group.group.rawValue): \(Number.grouped(found.duplicates)) of "
          + "\(Number.grouped(found.texts)) texts equal an earlier one of the group\(near); "
          + "\(Number.grouped(found.copies)) one of the corpus\(nearCopies)")
    }
    return lines
  }

  private static func damage(_ report: QualityReport) -> [String] {
    (report.damage ?? []).map {
      "planted \($0.label): dropped \(Number.percent($0.tokenShareDropped, 1)) of the tokens of "
        + "\(Number.grouped($0.documents)) documents, "
        + "\(Number.percent($0.documentShareDropped, 1)) of the documents for the most part"
    }
  }

  private static func agreements(_ report: QualityReport) -> [String] {
    var lines: [String] = []
    for entry in report.agreements {
      let found = entry.agreement
      lines.append(
        "\(entry.scores): \(Number.grouped(found.chunks)) chunks in common, Pearson "
          + "\(Number.fixed(found.pearson, 4)), Spearman \(Number.fixed(found.spearman, 4))")
      for selection in found.selections {
        let ratio = Number.significant(selection.ratio, 3)
        let accuracy = Number.percent(selection.samplingAccuracy, 1)
        let both = Number.percent(selection.keptShare, 1)
        lines.append(
          "  ratio \(ratio): sampling accuracy \(accuracy), both keep \(both) of what each keeps")
      }
    }
    return lines
  }
}
