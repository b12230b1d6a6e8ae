import EngineInterface
import Numerics

/// Reads the words of a line one after the other.
struct PaletteReader {
  let line: PaletteLine
  let names: PaletteNames
  private var place = 1

  init(_ line: PaletteLine, names: PaletteNames) {
    self.line = line
    self.names = names
  }

  /// The next word.
  var peek: String? { line.words[safe: place]?.text }

  /// Where the next word begins, or would.
  var column: Int { line.words[safe: place]?.range.lowerBound ?? line.text.count }

  mutating func skip() { place += 1 }

  /// Takes the next word if it is this one.
  mutating func take(_ word: String) -> Bool {
    guard peek?.lowercased() == word else { return false }
    skip()
    return true
  }

  func error(_ reason: String) -> PaletteError { PaletteError(reason, column: column) }

  func missing(_ what: String) -> PaletteError {
    PaletteError("then \(what)", column: line.text.count, isIncomplete: true)
  }

  mutating func word(_ what: String) throws(PaletteError) -> String {
    guard let word = peek else { throw missing(what) }
    skip()
    return word
  }

  /// Everything that is left, without quotes around a single word of it.
  mutating func rest() -> String {
    defer { place = line.words.count }
    if line.words.count == place + 1 { return peek ?? "" }
    return line.rest(from: place)
  }

  mutating func number(_ what: String) throws(PaletteError) -> Double {
    let column = column
    let text = try word(what)
    guard let number = Double(text), number.isFinite else {
      throw PaletteError("\(text) is no number; expected \(what)", column: column)
    }
    return number
  }

  /// "0.3", "30%".
  mutating func share(_ what: String) throws(PaletteError) -> Double {
    let column = column
    let text = try word(what)
    guard let share = RatioText.share(text) else {
      throw PaletteError("\(text) is not; expected \(what)", column: column)
    }
    return share
  }

  /// As `share`; numbers above one are percent: a floor of 60 is one of 60%.
  mutating func percentage(_ what: String) throws(PaletteError) -> Double {
    if let text = peek, let number = Double(text), number > 1, number <= 100 {
      skip()
      return number / 100
    }
    return try share(what)
  }

  mutating func source() throws(PaletteError) -> String {
    if names.sources.isEmpty { return try word("a source") }
    return try choice(names.sources.map { ($0, $0) }, what: "a source")
  }

  mutating func chunk(prefix: String = "") throws(PaletteError) -> Int {
    let column = column
    let text = String(try word("the number of a chunk").dropFirst(prefix.count))
    guard let chunk = Int(text), chunk >= 0 else {
      throw PaletteError("\(text) is no number of a chunk", column: column)
    }
    if let count = names.chunks, chunk >= count {
      throw PaletteError(
        "there is no chunk \(chunk); the corpus has \(Number.grouped(count)), from 0 on",
        column: column)
    }
    return chunk
  }

  /// One of some names, whatever their case.
  mutating func choice<Value>(
    _ values: [(name: String, value: Value)], what: String
  ) throws(PaletteError) -> Value {
    let column = column
    let text = try word(what)
    let found =
      values.first { $0.name == text } ?? values.first { $0.name.lowercased() == text.lowercased() }
    guard let found else {
      let names = values.map(\.name)
      let list = names.count <= 8 ? ": " + names.joined(separator: ", ") : ""
      throw PaletteError("\(text) is no name of \(what)\(list)", column: column)
    }
    return found.value
  }
}

extension PaletteCommand {
  /// Reads a line; names that are known are checked.
  ///
  /// - Throws: what cannot be read, and where it stands in the line.
  public init(_ text: String, names: PaletteNames = PaletteNames()) throws(PaletteError) {
    let line = PaletteLine(text)
    guard let first = line.words.first else {
      throw PaletteError("a command", column: 0, isIncomplete: true)
    }
    guard let verb = PaletteVerb.named(first.text) else {
      let verbs = PaletteVerb.all.map(\.name).joined(separator: ", ")
      throw PaletteError(
        "\(first.text) is no command; expected one of \(verbs)", column: first.range.lowerBound)
    }
    var reader = PaletteReader(line, names: names)
    self = try verb.read(&reader)
    if let word = reader.peek {
      throw reader.error("nothing is expected here, found \(word)")
    }
  }
}
