import CorpusQuality
import CorpusStudy
import DifferenceSampling
import Numerics
import Pipeline
import Reports
import Store
import TensorKit

/// Diversity of what is kept against all and what is dropped.
extension ProjectReport {
  /// Without a pass over all chunks and without a model: what takes seconds.
  func qualitySections(_ work: Work) throws -> [ReportSection] {
    guard Folder.exists(folder.scores + "/" + ChunkScoresFile.name),
      Folder.isFolder(folder.shards(.scored))
    else { return [] }
    let inputs = QualityInputs(
      shards: folder.shards(.scored), scores: folder.scores,
      tokenizer: folder.tokenizerFolder(settings))
    var settings = Quality.Settings(selection: try selectionSettings())
    settings.seed = self.settings.seed
    let compute = try Ops(kernels: .best, pool: ParallelPool(threads: 1))
    return try orNote("Data quality") {
      let report = try Quality(inputs, settings: settings, compute: compute)
        .run(Work(control: work.control))
      return [Self.section(report)]
    }
  }

  private static func section(_ report: QualityReport) -> ReportSection {
    let groups = report.groups
    var rows = (1...4).map { n -> [ReportTable.Cell] in
      [.text("distinct \(n)-grams")]
        + groups.map { group in .percent(group.ngrams.first { $0.n == n }?.ratio, 1) }
    }
    rows.append(
      [.text("compression ratio")] + groups.map { .number($0.compression.ratio, 2) })
    rows.append(
      [.text("entropy of the sources (bits)")]
        + groups.map { .number(report.rates.mixtureEntropy[$0.group.rawValue], 3) })
    let level = groups.first?.compression.level ?? 0
    return ReportSection(
      "Data quality",
      [
        .paragraph(
          "Of equally large samples of all scored chunks, of those kept and of those dropped: "
            + "\(Number.grouped(report.sample.tokens)) tokens each, of "
            + "\(Number.grouped(report.sample.chunks)) chunks, seed \(report.sample.seed). More "
            + "distinct n-grams and a lower compression ratio (zstd, level \(level)) mean "
            + "more varied text. 'miniplm quality' measures duplicates and hidden states, too."),
        .table(
          ReportTable(["measure"] + groups.map(\.group.rawValue), rows), file: "quality.csv"),
      ])
  }
}
