import EngineInterface

/// A word that a line of the palette begins with, and what follows it.
struct PaletteVerb: Sendable {
  /// What may stand at a place of the line.
  struct Choice: Equatable, Sendable {
    var text: String
    var help: String
  }

  let name: String
  /// What follows it, as it is shown: "SOURCE SHARE".
  let usage: String
  let help: String
  /// What may stand at its arguments, for completion; a place without names has none.
  var choices: @Sendable (_ argument: Int, ViewState) -> [Choice] = { _, _ in [] }
  let read: @Sendable (inout PaletteReader) throws(PaletteError) -> PaletteCommand

  /// Whether the word alone is a line.
  var isComplete: Bool { usage.isEmpty || usage.hasPrefix("[") }

  static func named(_ name: String) -> PaletteVerb? { all.first { $0.name == name } }
}

extension PaletteVerb {
  /// All of them, in the order in which they are shown.
  static let all: [PaletteVerb] = selection + [note] + program + lists

  private static let selection = [
    PaletteVerb(name: "ratio", usage: "SHARE", help: "keep the best share: 0.3 or 30%") {
      reader throws(PaletteError) in
      .ratio(try reader.share("a share of 0 to 1, or of 0% to 100%"))
    },
    PaletteVerb(
      name: "threshold", usage: "NATS", help: "keep every chunk with at least this difference"
    ) { reader throws(PaletteError) in
      guard reader.names.ranksByDifference else {
        throw reader.error("a threshold is of differences: chunks are ranked otherwise now")
      }
      return .threshold(try reader.number("nats per token, such as 0.6"))
    },
    PaletteVerb(
      name: "floor", usage: "SOURCE SHARE", help: "keep at least a share of a source; none ends it",
      choices: { argument, state in
        argument == 0
          ? sources(state) : argument == 1 ? [Choice(text: "none", help: "no floor")] : []
      }
    ) { reader throws(PaletteError) in
      let source = try reader.source()
      if reader.take("none") { return .floor(source: source, share: nil) }
      return .floor(source: source, share: try reader.percentage("60%, 0.6, or none"))
    },
    PaletteVerb(
      name: "cap", usage: "NATS", help: "drop what the teacher finds harder; none ends it",
      choices: { argument, _ in argument == 0 ? [Choice(text: "none", help: "no cap")] : [] }
    ) { reader throws(PaletteError) in
      if reader.take("none") { return .cap(nil) }
      let place = reader.column
      let cap = Float(try reader.number("nats per token, such as 4.5, or none"))
      guard cap.isFinite, cap >= 0 else {
        throw PaletteError("expected a number from 0 on", column: place)
      }
      return .cap(cap)
    },
    PaletteVerb(
      name: "rank", usage: "MEASURE", help: "rank chunks by another measure, a control",
      choices: { argument, _ in
        argument == 0
          ? ChunkRanking.allCases.map { Choice(text: $0.rawValue, help: $0.words) } : []
      }
    ) { reader throws(PaletteError) in
      .rank(
        try reader.choice(ChunkRanking.allCases.map { ($0.rawValue, $0) }, what: "a measure"))
    },
    PaletteVerb(name: "flip", usage: "CHUNK", help: "keep a dropped chunk, or drop a kept one") {
      reader throws(PaletteError) in
      .flip(chunk: try reader.chunk())
    },
    PaletteVerb(
      name: "pin", usage: "A|B", help: "remember the selection",
      choices: { argument, state in argument == 0 ? pins(state) : [] }
    ) { reader throws(PaletteError) in
      .pin(try reader.choice([("A", "A"), ("B", "B")], what: "a pin"))
    },
    PaletteVerb(
      name: "recall", usage: "A|B", help: "go back to a remembered selection",
      choices: { argument, state in argument == 0 ? pins(state) : [] }
    ) { reader throws(PaletteError) in
      .recall(try reader.choice([("A", "A"), ("B", "B")], what: "a pin"))
    },
    PaletteVerb(name: "undo", usage: "", help: "take the last change of the selection back") {
      _ throws(PaletteError) in .undo
    },
    PaletteVerb(name: "redo", usage: "", help: "make that change again") {
      _ throws(PaletteError) in .redo
    },
    PaletteVerb(name: "commit", usage: "", help: "write the refined corpus") {
      _ throws(PaletteError) in .commit
    },
  ]

  private static let note = PaletteVerb(
    name: "note", usage: "[#CHUNK] WORDS", help: "a note on a chunk, by default the selected one"
  ) { reader throws(PaletteError) in
    var chunk: Int?
    if let word = reader.peek, word.hasPrefix("#") { chunk = try reader.chunk(prefix: "#") }
    return .note(chunk: chunk, text: reader.rest())
  }

  private static let program = [
    PaletteVerb(
      name: "start", usage: "STAGE", help: "start a stage of the work, or go on with it",
      choices: { argument, _ in
        argument == 0 ? stages.map { Choice(text: $0.rawValue, help: $0.title) } : []
      }
    ) { reader throws(PaletteError) in
      .start(try reader.choice(stages.map { ($0.rawValue, $0) }, what: "a stage"))
    },
    PaletteVerb(
      name: "screen", usage: "NAME", help: "go to a screen",
      choices: { argument, _ in
        argument == 0
          ? ScreenID.allCases.map { Choice(text: "\($0)", help: "key \($0.digit)") } : []
      }
    ) { reader throws(PaletteError) in
      // Digits and former names too.
      if let screen = reader.peek.flatMap({ ScreenID(name: $0) }) {
        reader.skip()
        return .screen(screen)
      }
      return .screen(
        try reader.choice(ScreenID.allCases.map { ("\($0)", $0) }, what: "a screen"))
    },
    PaletteVerb(
      name: "theme", usage: "NAME", help: "paint with another theme",
      choices: { argument, state in
        argument == 0 ? state.display.themes.map { Choice(text: $0, help: "") } : []
      }
    ) { reader throws(PaletteError) in
      let names = reader.names.themes
      if names.isEmpty { return .theme(try reader.word("the name of a theme")) }
      return .theme(try reader.choice(names.map { ($0, $0) }, what: "a theme"))
    },
    PaletteVerb(
      name: "export", usage: "[FORMAT] [FILE]", help: "write what is shown into a file",
      choices: { argument, _ in
        argument == 0
          ? ExportFormat.allCases.map { Choice(text: $0.rawValue, help: $0.words) } : []
      }
    ) { reader throws(PaletteError) in
      let place = reader.column
      guard let first = reader.peek else { return .export(ExportTarget()) }
      reader.skip()
      let format = ExportFormat(rawValue: first.lowercased())
      let name = reader.peek == nil ? nil : try reader.word("a file")
      if let format { return .export(ExportTarget(format: format, name: name)) }
      guard name == nil, let format = ExportFormat(fileName: first) else {
        throw PaletteError(
          "\(first) is no format; expected \(ExportFormat.list), or a file that ends so",
          column: place)
      }
      return .export(ExportTarget(format: format, name: first))
    },
    PaletteVerb(
      name: "set", usage: "SETTING VALUE", help: "write a setting into config.toml",
      choices: { argument, _ in
        argument == 0 ? Preference.all.map { Choice(text: $0.name, help: $0.help) } : []
      }
    ) { reader throws(PaletteError) in
      let key = try reader.word("the name of a setting")
      guard reader.peek != nil else { throw reader.missing("a value") }
      return .set(key: key, value: reader.rest())
    },
  ]

  private static let lists = [
    PaletteVerb(
      name: "source", usage: "SOURCE", help: "list the chunks of one source; all lists all",
      choices: { argument, state in
        argument == 0 ? sources(state) + [Choice(text: "all", help: "every source")] : []
      }
    ) { reader throws(PaletteError) in
      reader.take("all") ? .source(nil) : .source(try reader.source())
    },
    PaletteVerb(
      name: "filter", usage: "[FILTER]",
      help: #"list chunks by a filter: source:law dropped "court"; none ends it"#
    ) { reader throws(PaletteError) in .filter(reader.rest()) },
    PaletteVerb(name: "find", usage: "[TEXT]", help: "list chunks that contain a text") {
      reader throws(PaletteError) in .find(reader.rest())
    },
  ]

  /// Those that can be asked for: choosing a ratio is no work of the engine.
  private static let stages =
    Stage.allCases.filter { !$0.needsPerson } + [Stage.evaluate]

  private static func sources(_ state: ViewState) -> [Choice] {
    if let sources = state.engine.selection?.sources {
      return sources.map { source in
        let floor = source.floor.map { ", floor \(PaletteText.percent($0))" } ?? ""
        return Choice(
          text: source.name, help: "keeps \(PaletteText.percent(source.keepRate))\(floor)")
      }
    }
    return (state.engine.corpus?.sources ?? []).map { Choice(text: $0.name, help: "") }
  }

  private static func pins(_ state: ViewState) -> [Choice] {
    ["A", "B"].map { name in
      let pin = state.engine.selection?.pins.first { $0.name == name }
      return Choice(
        text: name, help: pin.map { "ratio \(PaletteText.number($0.ratio))" } ?? "not set")
    }
  }
}
