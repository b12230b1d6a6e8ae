import Numerics
import Store
import TensorKit

/// `README.md` of a commit: what it is, in text for people.
public struct CommitCard: Sendable {
  /// The file's name.
  public static let fileName = "README.md"
  /// Markdown.
  public let text: String

  /// The card of a manifest.
  public init(_ manifest: CommitManifest) {
    var lines = ["# \(manifest.name)", ""]
    lines.append(Self.summary(manifest))
    lines.append("")
    lines += Self.facts(manifest).map { "- \($0.0): \($0.1)" }
    lines.append("")
    lines += Self.method(manifest)
    lines += ["", "## Sources", ""]
    lines += Self.table(manifest)
    lines += Self.notes(manifest.notes ?? [])
    lines += [
      "", "## Files", "",
      "- `data_*.bin`, `data_*.idx`: token shards (MMIDIDX), chunks in the order of the corpus;",
      "  `data_*.chunks.safetensors` beside them: source and documents of every chunk.",
      "- `kept.safetensors`: number of every chunk in the scored corpus, and its scores.",
    ]
    if manifest.kind == .refined {
      lines += [
        "- `dropped.safetensors`: the same of the chunks that were left out.",
        "- `scores.safetensors`: the scores of all chunks. `selection.json`: the settings.",
      ]
    }
    lines += [
      "- `manifest.json`: SHA-256 of every file that was read or written.", "",
      "The licences are those of the sources.", "",
    ]
    text = lines.joined(separator: "\n")
  }

  /// How much of what was chosen, and how: a sentence.
  public static func summary(_ manifest: CommitManifest) -> String {
    let all = manifest.all
    let counts =
      "\(Number.grouped(all.keptChunks)) of \(Number.grouped(all.totalChunks)) chunks "
      + "(\(Number.grouped(all.keptTokens)) of \(Number.grouped(all.totalTokens)) tokens) of "
      + "\(manifest.corpus.name)"
    switch manifest.kind {
    case .uniform: return counts + ", a uniform sample without replacement."
    case .refined:
      let rule =
        switch manifest.selection?.rule {
        case .ratio(let ratio): "ratio \(Number.fixed(ratio, 4))"
        case .threshold(let threshold): "threshold \(Number.fixed(Double(threshold), 4))"
        case nil: "no rule"
        }
      let ranking = manifest.selection?.ranking ?? .difference
      let choice =
        ranking.isMethod
        ? "difference sampling" : "\(ranking.words): a control, not difference sampling"
      return counts + ", chosen by \(choice) (\(rule))."
    }
  }

  private static func facts(_ manifest: CommitManifest) -> [(String, String)] {
    func text(_ artifact: ArtifactIdentity) -> String {
      "\(artifact.name), sha256 \(artifact.digest)"
    }
    var facts = [("corpus", text(manifest.corpus))]
    if let tokenizer = manifest.tokenizer { facts.append(("tokenizer", text(tokenizer))) }
    if let teacher = manifest.teacher { facts.append(("teacher", text(teacher))) }
    if let reference = manifest.reference { facts.append(("reference", text(reference))) }
    if manifest.kind == .refined {
      facts.append(("score", "reference NLL - teacher NLL, mean over the counted tokens, nats"))
      // Commits from before there was a choice are of f32.
      facts.append(("scored in", (manifest.scoringPrecision ?? .f32).rawValue))
    }
    if let threshold = manifest.threshold {
      facts.append(("threshold", Number.fixed(Double(threshold), 4)))
    }
    if let budget = manifest.tokenBudget {
      facts.append(("token budget", Number.grouped(budget)))
    }
    if let seed = manifest.seed { facts.append(("seed", "\(seed)")) }
    facts.append(("made by", manifest.program))
    facts.append(("made at", manifest.createdAt))
    return facts
  }

  private static func method(_ manifest: CommitManifest) -> [String] {
    guard manifest.kind == .refined else { return ["Nothing but chance decided."] }
    var lines: [String] = []
    if manifest.departures.isEmpty {
      lines.append("Nothing but the published method decided.")
    } else {
      lines.append(
        "**Beside the published method:** \(manifest.departures.joined(separator: "; ")).")
    }
    if let waived = manifest.waived {
      let line = waived.split(whereSeparator: \.isNewline).joined(separator: " ")
      lines.append("**Scored although checks failed, which were waived:** \(line).")
    }
    if let reading = manifest.reading {
      lines.append("A reader agrees with the selection on \(reading.words).")
    }
    if !manifest.nonFinite.isEmpty {
      lines.append("\(manifest.nonFinite.count) chunks have no finite score and were left out.")
    }
    if manifest.unscored > 0 {
      lines.append("**\(manifest.unscored) chunks were not scored and were left out.**")
    }
    return lines
  }

  /// A line each, with the markup that a person may have written taken as text.
  private static func notes(_ notes: [ChunkNote]) -> [String] {
    if notes.isEmpty { return [] }
    return ["", "## Notes", ""]
      + notes.map { note in
        let text = note.note.map { "\\`*_[]<>|#".contains($0) ? "\\\($0)" : String($0) }.joined()
        let side = note.kept.map { $0 ? ", kept" : ", dropped" } ?? ""
        return "- chunk \(note.chunk)\(side): \(text)"
      }
  }

  private static func table(_ manifest: CommitManifest) -> [String] {
    let rows = manifest.sources.filter { $0.totalChunks > 0 } + [manifest.all]
    let header = ["source", "kept chunks", "chunks", "keep rate", "kept tokens", "tokens"]
    let cells =
      [header]
      + rows.map { share in
        [
          // A bar or a line end in a label would break the table.
          share.source.map { $0 == "|" || $0.isNewline ? "/" : String($0) }.joined(),
          Number.grouped(share.keptChunks), Number.grouped(share.totalChunks),
          Number.fixed(100 * share.keepRate, 1) + " %",
          Number.grouped(share.keptTokens), Number.grouped(share.totalTokens),
        ]
      }
    let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    var lines = cells.map { row in
      let padded = zip(row, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }
      return "| \(padded.joined(separator: " | ")) |"
    }
    let rule = widths.enumerated().map { column, width in
      String(repeating: "-", count: column == 0 ? width : width - 1) + (column == 0 ? "" : ":")
    }
    lines.insert("| \(rule.joined(separator: " | ")) |", at: 1)
    return lines
  }
}
