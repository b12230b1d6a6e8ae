import EngineInterface

/// What the palette offers for what has been typed.
enum PaletteRow {
  case verb(PaletteVerb)
  case action(Action)
  /// A name for the place of the line that is being typed.
  case choice(PaletteVerb.Choice)
}

extension PaletteContent {
  /// The verb of the line, once something follows it.
  static func verb(_ text: String) -> PaletteVerb? {
    let line = PaletteLine(text)
    guard let first = line.words.first, line.words.count > 1 || line.isOpen else { return nil }
    return PaletteVerb.named(first.text)
  }

  /// Names behind a verb, else verbs and actions: a verb that begins so first.
  static func rows(_ text: String, _ state: ViewState) -> [PaletteRow] {
    if let verb = verb(text) {
      let line = PaletteLine(text)
      let argument = line.words.count - (line.isOpen ? 1 : 2)
      let typed = line.isOpen ? "" : line.words.last?.text ?? ""
      let choices = verb.choices(argument, state)
      let ranked = choices.enumerated().compactMap { index, choice in
        FuzzyMatch.score(typed, in: choice.text).map { (score: $0, index: index, choice: choice) }
      }
      return ranked.sorted { ($0.score, $0.index) < ($1.score, $1.index) }
        .map { .choice($0.choice) }
    }
    let wanted = text.lowercased().trimmed
    let leading = PaletteVerb.all.filter { $0.name.hasPrefix(wanted) }
    let others = PaletteVerb.all.filter { verb in
      !verb.name.hasPrefix(wanted)
        && FuzzyMatch.score(wanted, in: "\(verb.name) \(verb.help)").map { $0 <= 1 } == true
    }
    return leading.map(PaletteRow.verb)
      + matches(text, state.screen, state.table).map(PaletteRow.action)
      + others.map(PaletteRow.verb)
  }

  /// The line with a name in the place of what is being typed, ready for what follows.
  static func completed(_ text: String, with word: String) -> String {
    let line = PaletteLine(text)
    let start = line.isOpen ? text.count : line.words.last?.range.lowerBound ?? 0
    return String(text.prefix(start)) + PaletteLine.quoted(word) + " "
  }
}
