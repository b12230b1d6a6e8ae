import Corpus
import DifferenceSampling
import LanguageModels
import Numerics
import Pipeline
import Reports
import Store
import TensorKit
import Training

/// What the project is: settings, text, models, checks.
extension ProjectReport {
  func projectSection(_ record: ComparisonRecord?) throws -> ReportSection {
    var lines = [
      "Seed \(settings.seed); chunks of at most \(Number.grouped(settings.chunkTokens)) tokens."
    ]
    lines.append("Ratio to start with: \(Number.significant(settings.ratio, 3)).")
    let precisions = ProjectPrecisions(
      folder: folder, settings: settings, capability: .present)
    func words(_ setting: PrecisionSetting, _ found: String?) -> String {
      setting == .auto
        ? found.map { "\($0), chosen by itself" } ?? "not chosen yet" : setting.rawValue
    }
    let hasRuns = !runs.isEmpty
    lines.append(
      "Teacher and reference score in \(words(settings.scoringPrecision, precisions.scoring?.rawValue)); "
        + "training in \(words(settings.trainingPrecision, hasRuns ? precisions.training.rawValue : nil))."
    )
    if case .trained(let size) = settings.tokenizer {
      lines.append("Tokenizer: \(Number.grouped(size)) tokens, trained on the reserve.")
    } else if let size = manifest(.scored)?.vocabularySize {
      lines.append("Tokenizer: given, \(Number.grouped(size)) tokens.")
    }
    if let waived = waivedWords(record) {
      lines.append("Scored although checks failed, which were waived: \(waived).")
    }
    if let record { lines.append("Compared on \(record.machine).") }
    if let bytes = record?.textBytes {
      let sizes = DemoSize.choices.map { Number.bytes($0) }.joined(separator: ", ")
      lines.append(
        "Text: \(Number.bytes(bytes)); by itself the demo takes the largest of \(sizes) that the "
          + "machine works through in eight minutes.")
    }
    var blocks: [ReportSection.Block] = [.list(lines)]
    if let table = corpusTable() { blocks.append(.table(table, file: "corpus.csv")) }
    blocks.append(.table(modelTable(record), file: "models.csv"))
    return ReportSection("Project", blocks)
  }

  /// What was packed of a part; nil before that, or where it came as shards of another program.
  func manifest(_ part: CorpusPart) -> CorpusManifest? {
    (try? CorpusBuilder.manifest(of: folder.shards(part))) ?? nil
  }

  private func waivedWords(_ record: ComparisonRecord?) -> String? {
    record?.waived ?? CheckReport.read(folder: folder.scores)?.waived
  }

  private func corpusTable() -> ReportTable? {
    let rows = CorpusPart.allCases.compactMap { part -> [ReportTable.Cell]? in
      guard let manifest = manifest(part) else { return nil }
      return [
        .text(Self.words(part)), .whole(manifest.documents), .whole(manifest.chunks),
        .count(manifest.tokens), .whole(manifest.sources.count),
      ]
    }
    return rows.isEmpty
      ? nil : ReportTable(["part of the text", "documents", "chunks", "tokens", "sources"], rows)
  }

  private static func words(_ part: CorpusPart) -> String {
    switch part {
    case .reserve: "reserve (trains teacher and reference)"
    case .scored: "scored (students' text is chosen from it)"
    case .heldOut: "held out (measures students)"
    }
  }

  private func modelTable(_ record: ComparisonRecord?) -> ReportTable {
    var rows = [
      row("teacher", settings.teacher, run: folder.run("teacher"), record?.models.first),
      row(
        "reference", settings.reference, run: folder.run("reference"),
        record?.models.dropFirst().first),
    ]
    if let commit {
      for (index, student) in [
        ("student A uniform", commit.modelA, commit.runA),
        ("student B refined", commit.modelB, commit.runB),
      ].enumerated() {
        rows.append(
          row(
            student.0, model: ModelFolder(student.1), shape: settings.student.shape,
            origin: "trained here", run: student.2, record?.models.dropFirst(2 + index).first))
      }
    }
    return ReportTable(
      [
        .init("model", isText: true), .init("family", isText: true), .init("origin", isText: true),
        .init("parameters"), .init("trained on tokens"), .init("held-out loss"),
        .init("bits per byte"),
      ], rows)
  }

  private func row(
    _ role: String, _ origin: ModelOrigin, run: String, _ result: ComparisonRecord.Model?
  ) -> [ReportTable.Cell] {
    switch origin {
    case .folder(let path):
      row(
        role, model: ModelFolder(path), shape: nil, origin: Self.name(ofModel: path), run: nil,
        result)
    case .trained(let plan):
      row(
        role, model: ModelFolder(folder.model(role)), shape: plan.shape, origin: "trained here",
        run: run, result)
    case .unset: [.text(role), .text("not chosen")]
    }
  }

  private func row(
    _ role: String, model: ModelFolder, shape: ModelShape?, origin: String, run: String?,
    _ result: ComparisonRecord.Model?
  ) -> [ReportTable.Cell] {
    let configuration = configuration(of: model, shape: shape)
    return [
      .text(role), .text((configuration?.family ?? shape?.family)?.rawValue ?? "-"), .text(origin),
      .count(result?.parameters ?? configuration?.parameterCount),
      .count(result?.tokens ?? run.flatMap { self.run($0)?.last?.tokensSeen }),
      .number(result?.heldOutLoss, 3), .number(result?.bitsPerByte, 3),
    ]
  }

  /// The configuration of a model, of a planned one by the tokenizer of the packed text.
  func configuration(of model: ModelFolder, shape: ModelShape?) -> ModelConfiguration? {
    if model.isPresent, let found = try? model.configuration() { return found }
    guard let shape, let text = manifest(.scored) else { return nil }
    return try? shape.configuration(
      vocabularySize: text.vocabularySize, endOfText: text.endOfText)
  }

  /// What a person calls the model in a folder: OWNER/NAME in the hub's cache, else the folder's name.
  /// No place on the machine.
  static func name(ofModel path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    if let cached = parts.last(where: { $0.hasPrefix("models--") }) {
      return cached.dropFirst(8).split(separator: "--", omittingEmptySubsequences: true)
        .joined(separator: "/")
    }
    return parts.last ?? path
  }
}
