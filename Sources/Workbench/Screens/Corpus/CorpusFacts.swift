import EngineInterface
import Numerics
import TerminalUI

/// What stands below the table of sources: the whole corpus, the study, where it comes from.
enum CorpusFacts {
  /// Lines that the table leaves free for them.
  static func leastLines(_ state: ViewState) -> Int { state.isWide ? 6 : 1 }

  static func lines(_ corpus: CorpusSnapshot, _ state: ViewState) -> [StyledText] {
    let documents = corpus.documents > 0 ? "\(Number.grouped(corpus.documents)) docs, " : ""
    let all =
      "all: \(documents)\(Number.grouped(corpus.chunks)) chunks, "
      + "\(Number.short(Double(corpus.tokens))) tokens"
    let named: [(String, String)] = [
      ("files", corpus.path), ("unit", "packed chunks of up to \(corpus.chunkLength) tokens"),
      ("tokens", corpus.tokenizer),
      ("reject", corpus.rejected == 0 ? "none" : "\(Number.grouped(corpus.rejected)) lines"),
    ]
    var first = [StyledText(all, .text, .bold)] + study(corpus, state)
    // Where only one line is left, a study at work is the news.
    if !state.isWide, case .running = corpus.study { first.reverse() }
    // The manifest's line of a file says its size too.
    let isNamed = corpus.facts.contains { $0.hasPrefix("file \(corpus.path)") }
    return first
      + named.dropFirst(isNamed ? 1 : 0).map { [Span("\($0.0): ", .dim), Span($0.1)] }
      + corpus.facts.map { StyledText($0, .dim) }
  }

  /// The study at work, what it found in the selected source, or how to start one.
  private static func study(_ corpus: CorpusSnapshot, _ state: ViewState) -> [StyledText] {
    switch corpus.study {
    case .none:
      return [StyledText("\(state.key(.study)) counts equal texts, lengths and scripts", .dim)]
    case .running(let what, let fraction):
      let progress = "study: \(what) \(ProgressBar.percent(fraction))"
      return [StyledText("\(progress), \(state.key(.study)) ends it", .accent)]
    case .done:
      guard let source = corpus.sources[safe: state.list(.sources).selected],
        source.textLengths.count == 4
      else { return [] }
      let lengths = source.textLengths.map(RowText.bytes)
      let perToken = source.bytesPerToken.map { ", \(Number.fixed($0, 2)) B/token" } ?? ""
      let scripts = source.scripts.prefix(4).map {
        "\($0.name) \(Number.fixed($0.share * 100, 0))%"
      }.joined(separator: ", ")
      let kinds = [("equal", corpus.duplicateShare), ("nearly equal", corpus.nearDuplicateShare)]
      let shares = kinds.compactMap { name, share in
        share.map { "\(name) \(Number.fixed($0 * 100, 1))%" }
      }.joined(separator: ", ")
      return [
        [Span("all texts: ", .dim), Span(shares)],
        [
          Span("10/50/90%: ", .dim),
          Span("\(lengths[0]) / \(lengths[1]) / \(lengths[2])\(perToken)"),
        ],
        [Span("longest: ", .dim), Span(lengths[3])], [Span("bytes: ", .dim), Span(scripts)],
      ]
    }
  }
}
