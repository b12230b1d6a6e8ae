/// In what the contents of two tokenizers differ, and texts that may show it in their ids.
struct ContentComparison {
  /// A phrase for each part that differs.
  private(set) var phrases: [String] = []
  /// What tokens stand for that only one of the two has, or makes in its own order.
  private(set) var doubtfulTexts: [String] = []

  private let first: Tokenizer
  private let second: Tokenizer
  /// More texts than these would only take time.
  private static let mostTexts = 4096

  init(_ first: Tokenizer, _ second: Tokenizer) {
    self.first = first
    self.second = second
    compareRows()
    compareAddedTokens()
    compareMerges()
    compareScores()
    compareStages()
  }

  /// The string of a row; nil where it only fills the vocabulary up.
  static func string(_ id: Int32, of tokenizer: Tokenizer) -> ArraySlice<UInt8>? {
    guard let text = tokenizer.text(of: id), !isPadding(text, id) else { return nil }
    return text
  }

  /// Whether a row was put in by a converter, which names it after its id.
  static func isPadding(_ text: some Collection<UInt8>, _ id: Int32) -> Bool {
    text.first == UInt8(ascii: "[") && text.elementsEqual("[PAD\(id)]".utf8)
  }

  private static func shown(_ text: some Sequence<UInt8>) -> String {
    String(reflecting: String(String(decoding: Array(text), as: UTF8.self).prefix(40)))
  }

  /// Notes what a token stands for, by itself and behind a space.
  private mutating func doubt(_ bytes: [UInt8]) {
    guard !bytes.isEmpty, doubtfulTexts.count < Self.mostTexts,
      bytes.withUnsafeBufferPointer(UTF8Decoding.isValid)
    else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    doubtfulTexts += [text, " " + text]
  }

  private mutating func compareRows() {
    var count = 0
    var example = ""
    for id in 0..<Int32(max(first.vocabularySize, second.vocabularySize)) {
      let (a, b) = (Self.string(id, of: first), Self.string(id, of: second))
      if a == b { continue }
      if count == 0 {
        let words = [a, b].map { $0.map(Self.shown) ?? "no token" }
        example = "the first \(id): \(words[0]) and \(words[1])"
      }
      count += 1
      doubt(first.bytes(of: id))
      doubt(second.bytes(of: id))
    }
    if count > 0 { phrases.append("\(Self.counted(count, "token")) differ, \(example)") }
  }

  private static func counted(_ count: Int, _ what: String) -> String {
    count == 1 ? "one \(what)" : "\(count) \(what)s"
  }

  private mutating func compareAddedTokens() {
    func byID(_ tokenizer: Tokenizer) -> [Int32: AddedToken] {
      let tokens = tokenizer.added.tokens.filter { !Self.isPadding($0.content, $0.id) }
      return Dictionary(tokens.map { ($0.id, $0) }) { $1 }
    }
    let (a, b) = (byID(first), byID(second))
    let ids = Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.sorted()
    if let id = ids.first, let token = a[id] ?? b[id] {
      let which =
        if let one = a[id], let other = b[id] {
          one.content == other.content ? "has other flags" : "is another one"
        } else {
          "is looked for in texts by the \(a[id] == nil ? "second" : "first") only"
        }
      phrases.append(
        "\(Self.counted(ids.count, "added token")) differ: \(id), \(Self.shown(token.content)), "
          + which)
    }
    if first.splitsSpecialTokens != second.splitsSpecialTokens {
      phrases.append("one of the two does not look for special tokens in texts")
    }
  }

  static func merges(_ tokenizer: Tokenizer) -> [(left: Int32, right: Int32)] {
    switch tokenizer.model {
    case .bytePairs(let model): model.merges.pairs
    case .characterPairs(let model): model.merges.pairs
    case .wordLevel, .wordPiece, .unigram: []
    }
  }

  private mutating func compareMerges() {
    let (a, b) = (Self.merges(first), Self.merges(second))
    var count = abs(a.count - b.count)
    var place: Int?
    func merged(_ pair: (left: Int32, right: Int32), _ tokenizer: Tokenizer) -> [UInt8] {
      tokenizer.bytes(of: pair.left) + tokenizer.bytes(of: pair.right)
    }
    for rank in 0..<min(a.count, b.count) where a[rank] != b[rank] {
      place = place ?? rank
      count += 1
      doubt(merged(a[rank], first))
      doubt(merged(b[rank], second))
    }
    for rank in min(a.count, b.count)..<max(a.count, b.count) {
      doubt(rank < a.count ? merged(a[rank], first) : merged(b[rank], second))
    }
    guard count > 0 else { return }
    let rank = place ?? min(a.count, b.count)
    phrases.append("the merges differ from rank \(rank) on (\(a.count) and \(b.count) in all)")
  }

  private mutating func compareScores() {
    guard case .unigram(let a) = first.model, case .unigram(let b) = second.model else { return }
    var count = 0
    for id in 0..<min(a.scores.count, b.scores.count) where a.scores[id] != b.scores[id] {
      count += 1
      doubt(first.bytes(of: Int32(id)))
    }
    if count > 0 { phrases.append("\(Self.counted(count, "score")) of tokens differ") }
  }

  private mutating func compareStages() {
    let (a, b) = (first.content, second.content)
    for (name, one, other) in [
      ("normalizer", a.normalizer, b.normalizer),
      ("pre-tokenizer", a.preTokenizer, b.preTokenizer), ("decoder", a.decoder, b.decoder),
      ("model's settings", a.model, b.model),
    ] where !one.utf8.elementsEqual(other.utf8) {
      let parts = Self.excerpts(one, other)
      phrases.append("the \(name): \(parts.0) and \(parts.1)")
    }
    if first.template != second.template {
      phrases.append("the special tokens that may be put around a text")
    }
  }

  /// What two texts have where they begin to differ.
  private static func excerpts(_ one: String, _ other: String) -> (String, String) {
    let (a, b) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
    var common = 0
    while common < min(a.count, b.count), a[common] == b[common] { common += 1 }
    func excerpt(_ text: [Unicode.Scalar]) -> String {
      let start = text.count <= 80 ? 0 : max(0, common - 24)
      let end = min(text.count, start + 80)
      let part = text[start..<end].map(String.init).joined()
      return (start > 0 ? "…" : "") + part + (end < text.count ? "…" : "")
    }
    return (excerpt(a), excerpt(b))
  }
}

extension Tokenizer {
  /// The strings of all tokens that are looked for in texts, but for those that fill a vocabulary.
  var addedStrings: [String] {
    added.tokens.map { String(decoding: $0.content, as: UTF8.self) }
      .filter { !$0.hasPrefix("[PAD") }
  }
}
