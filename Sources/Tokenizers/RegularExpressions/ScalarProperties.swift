/// What `\p{...}`, `\w`, `\d`, `\s` and POSIX brackets stand for.
///
/// The tables are generated from Hugging Face's `tokenizers`, whose Unicode version is not Swift's:
/// see scripts/make_unicode_tables.py.
struct ScalarProperties: Sendable {
  private let sets: [String: ScalarSet]
  let word: ScalarSet
  /// `\w` in brackets, which the library takes without six numbers of Latin-1.
  let bracketWord: ScalarSet
  let space: ScalarSet
  let digit: ScalarSet
  static let hexadecimalDigit = ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])

  static let shared = ScalarProperties()

  private init() {
    var sets: [String: ScalarSet] = [:]
    let categories = Self.names(ScalarCategoryData.names)
    let byCategory = Self.split(ScalarCategoryData.runs, count: categories.count)
    for (name, set) in zip(categories, byCategory) {
      sets[Self.key(name)] = set
      // A category's first letter names the union: L, M, N, P, S, Z and C.
      let group = Self.key(String(name.prefix(1)))
      sets[group] = sets[group]?.union(set) ?? set
    }
    let scripts = Self.names(ScalarScriptData.names)
    let byScript = Self.split(ScalarScriptData.runs, count: scripts.count)
    for (name, set) in zip(scripts, byScript) { sets[Self.key(name)] = set }
    for (name, table) in Self.properties {
      sets[name] = Self.split(table, count: 1).first
    }
    for (alias, name) in Self.aliases { sets[alias] = sets[name] }
    if let upper = sets["lu"], let lower = sets["ll"], let title = sets["lt"] {
      sets["lc"] = upper.union(lower).union(title)
    }
    let classes = ScalarClassTable.shared.view
    let spaces = (UInt32(0)..<0x3001).filter { classes[$0].contains(.space) }
    space = ScalarSet(spaces.map { $0...$0 })
    let digits = sets["nd"] ?? .empty
    word = sets["word"] ?? .empty
    digit = digits
    let numbers = ScalarSet([0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE])
    bracketWord = word.intersection(numbers.inverted)
    sets["space"] = space
    sets["whitespace"] = space
    sets["digit"] = digits
    sets["xdigit"] = Self.hexadecimalDigit
    sets["ascii"] = ScalarSet([0...0x7F])
    sets["any"] = .everything
    sets["assigned"] = sets["cn"]?.inverted
    sets["cntrl"] = sets["cc"]
    sets["blank"] = sets["zs"]?.union(ScalarSet(0x09))
    sets["alnum"] = sets["alphabetic"]?.union(digits)
    self.sets = sets
  }

  /// The set that a name stands for, by the library's rule: case, spaces, `_` and `-` do not count.
  func set(named name: String) -> ScalarSet? { sets[Self.key(name)] }

  private static func key(_ name: String) -> String {
    name.lowercased().filter { !" _-".contains($0) }
  }

  private static let properties: [(String, StaticString)] = [
    ("word", ScalarPropertyData.word), ("alphabetic", ScalarPropertyData.alphabetic),
    ("uppercase", ScalarCaseData.uppercase), ("lowercase", ScalarCaseData.lowercase),
    ("punct", ScalarPropertyData.punct), ("graph", ScalarPrintData.graph),
    ("print", ScalarPrintData.print), ("ideographic", ScalarPropertyData.ideographic),
    ("emoji", ScalarPropertyData.emoji),
    ("extendedpictographic", ScalarPropertyData.extendedPictographic),
  ]

  private static let aliases = [
    ("alpha", "alphabetic"), ("upper", "uppercase"), ("lower", "lowercase"), ("letter", "l"),
    ("mark", "m"), ("number", "n"), ("punctuation", "p"), ("symbol", "s"), ("separator", "z"),
    ("other", "c"), ("uppercaseletter", "lu"), ("lowercaseletter", "ll"),
    ("titlecaseletter", "lt"), ("modifierletter", "lm"), ("otherletter", "lo"),
    ("nonspacingmark", "mn"), ("spacingmark", "mc"), ("enclosingmark", "me"),
    ("decimalnumber", "nd"), ("letternumber", "nl"), ("othernumber", "no"),
    ("connectorpunctuation", "pc"), ("dashpunctuation", "pd"), ("openpunctuation", "ps"),
    ("closepunctuation", "pe"), ("initialpunctuation", "pi"), ("finalpunctuation", "pf"),
    ("otherpunctuation", "po"), ("mathsymbol", "sm"), ("currencysymbol", "sc"),
    ("modifiersymbol", "sk"), ("othersymbol", "so"), ("spaceseparator", "zs"),
    ("lineseparator", "zl"), ("paragraphseparator", "zp"), ("control", "cc"), ("format", "cf"),
    ("surrogate", "cs"), ("privateuse", "co"), ("unassigned", "cn"), ("hani", "han"),
    ("hira", "hiragana"), ("kana", "katakana"), ("hang", "hangul"), ("latn", "latin"),
    ("grek", "greek"), ("cyrl", "cyrillic"), ("arab", "arabic"), ("hebr", "hebrew"),
    ("deva", "devanagari"), ("beng", "bengali"), ("taml", "tamil"), ("telu", "telugu"),
    ("armn", "armenian"), ("geor", "georgian"), ("ethi", "ethiopic"), ("khmr", "khmer"),
    ("laoo", "lao"), ("mymr", "myanmar"), ("tibt", "tibetan"), ("sinh", "sinhala"),
    ("bopo", "bopomofo"), ("zyyy", "common"), ("zinh", "inherited"),
  ]

  private static func names(_ text: StaticString) -> [String] {
    text.withUTF8Buffer { bytes in
      bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        .map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// The sets of the numbers from 1 to `count` in a table of runs.
  private static func split(_ table: StaticString, count: Int) -> [ScalarSet] {
    var ranges = [[ClosedRange<UInt32>]](repeating: [], count: count + 1)
    var start: UInt32 = 0
    var value = 0
    for row in HexadecimalTable.rows(of: table) + [[0x110000, 0]] where row.count == 2 {
      if row[0] > start, value <= count { ranges[value].append(start...row[0] - 1) }
      (start, value) = (row[0], Int(row[1]))
    }
    return ranges.dropFirst().map { ScalarSet($0) }
  }
}
