import EngineInterface
import Numerics

/// What a line of the palette means outside of the screen: as a line of a recipe, and for the shell.
enum PaletteText {
  /// "0.3", "4.25": no more digits than it takes.
  static func number(_ value: Double) -> String {
    var text = Number.fixed(value, 4)
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  static func percent(_ share: Double) -> String { "\(number((share * 1000).rounded() / 10))%" }

  /// The line as `--batch` replays it, with every name written out; nil where it leaves the selection
  /// and the corpus as they are.
  static func recipe(_ command: PaletteCommand) -> String? {
    switch command {
    case .ratio(let ratio): "ratio \(number(ratio))"
    case .threshold(let threshold): "threshold \(number(threshold))"
    case .floor(let source, let share):
      "floor \(PaletteLine.quoted(source)) \(share.map(percent) ?? "none")"
    case .cap(let cap): "cap \(cap.map { number(Double($0)) } ?? "none")"
    case .rank(let ranking): "rank \(ranking.rawValue)"
    case .flip(let chunk): "flip \(chunk)"
    case .pin(let name): "pin \(name)"
    case .recall(let name): "recall \(name)"
    case .undo: "undo"
    case .redo: "redo"
    case .commit: "commit"
    case .note(let chunk?, let text): "note #\(chunk) \(text)"
    default: nil
    }
  }

  /// What does the same in a shell; nil where nothing does.
  static func shell(_ command: PaletteCommand, _ state: ViewState) -> String? {
    let folder = state.engine.project.map { quoted($0.folder) } ?? "PROJECT"
    switch command {
    case .ratio, .threshold, .floor, .cap, .rank:
      return selection(command, state, scores: "\(folder)/scores")
    case .start: return "miniplm run \(folder)"
    case .theme(let name): return "miniplm open \(folder) --theme \(quoted(name))"
    case .screen(let screen): return "miniplm open \(folder) --screen \(screen)"
    case .export(let target):
      let once = "miniplm open \(folder) --once \(state.screen)"
      let name = target.name.map { quoted($0) }
      switch target.format ?? .csv {
      case .csv:
        return "\(once) --csv \(state.focusedPane.rawValue)" + (name.map { " > \($0)" } ?? "")
      case .json: return "\(once) --json" + (name.map { " > \($0)" } ?? "")
      case .svg: return "\(once) --svg \(name ?? "\(state.screen).svg")"
      case .txt: return once + (name.map { " > \($0)" } ?? "")
      }
    case .flip, .pin, .recall, .undo, .redo, .commit, .note(.some, _):
      return "miniplm open \(folder) --batch RECIPE"
    case .note(nil, _), .source, .filter, .find, .set: return nil
    }
  }

  /// The whole selection after the change, since a command line begins with nothing.
  private static func selection(
    _ command: PaletteCommand, _ state: ViewState, scores: String
  ) -> String {
    let present = state.engine.selection
    var rule = "--ratio \(number(state.ratio ?? 0.5))"
    var ranking = present?.ranking ?? .difference
    var floors = (present?.sources ?? []).compactMap { source in
      source.floor.map { (name: source.name, share: $0) }
    }
    var cap = present?.teacherCap
    switch command {
    case .ratio(let ratio): rule = "--ratio \(number(ratio))"
    case .threshold(let threshold): rule = "--threshold \(number(threshold))"
    case .rank(let other): ranking = other
    case .cap(let other): cap = other
    case .floor(let source, let share):
      floors.removeAll { $0.name == source }
      if let share { floors.append((source, share)) }
    default: break
    }
    var words = ["miniplm select --scores \(scores)", rule]
    if !ranking.isMethod { words.append("--by \(ranking.rawValue)") }
    words += floors.map { "--floor \(quoted("\($0.name)=\(number($0.share))"))" }
    if let cap { words.append("--teacher-nll-cap \(number(Double(cap)))") }
    return words.joined(separator: " ")
  }

  /// As a shell takes a word.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { character in
      let isWord = character.isASCII && (character.isLetter || character.isNumber)
      return isWord || "_-./=,:+@%".contains(character)
    }
    return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }
}
