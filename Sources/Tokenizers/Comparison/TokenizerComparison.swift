/// Whether two tokenizers are the same: by what their files say, and by the ids that they give to a
/// text of many scripts, numbers, white space, code and special tokens.
///
/// Rows that only fill a vocabulary up, which have no token or one named `[PAD151665]`, are no
/// difference, and neither is which token ends a text.
public struct TokenizerComparison: Sendable, Equatable {
  public enum Outcome: String, Sendable, Equatable {
    /// Both files say the same, whatever their bytes.
    case identical
    /// The files differ, and no text that was tried has other ids.
    case sameIDs = "same ids"
    /// A text has other ids.
    case different
  }

  /// A text, as short as it could be made, to which the two give different ids.
  public struct Difference: Sendable, Equatable {
    public let text: String
    public let first: [Int32]
    public let second: [Int32]
  }

  public let outcome: Outcome
  /// In what the contents differ, a phrase each; empty when they are identical.
  public let contents: [String]
  /// The first text with other ids; nil unless the outcome is `different`.
  public let difference: Difference?

  /// Whether either may stand for the other.
  public var isSame: Bool { outcome != .different }

  /// Compares two tokenizers; what they share costs one pass over the vocabularies.
  public init(_ first: Tokenizer, _ second: Tokenizer) {
    if first === second || first.digest == second.digest {
      (outcome, contents, difference) = (.identical, [], nil)
      return
    }
    let compared = ContentComparison(first, second)
    contents = compared.phrases
    difference =
      contents.isEmpty ? nil : Self.difference(first, second, extra: compared.doubtfulTexts)
    outcome = contents.isEmpty ? .identical : difference == nil ? .sameIDs : .different
  }

  /// The result in a sentence that can follow the names of the two.
  public var words: String {
    switch outcome {
    case .identical: "the same tokenizer"
    case .sameIDs: "the same ids for every text that was tried, but " + list(contents)
    case .different:
      if let difference {
        "other tokenizers: \(Self.shown(difference.text)) is \(Self.shown(difference.first)) for "
          + "the first and \(Self.shown(difference.second)) for the second; " + list(contents)
      } else {
        "other tokenizers"
      }
    }
  }

  private func list(_ phrases: [String]) -> String { phrases.joined(separator: "; ") }

  private static func shown(_ text: String) -> String { String(reflecting: text) }

  private static func shown(_ ids: [Int32]) -> String {
    let most = 8
    let rest = ids.count > most ? ", …" : ""
    return "[" + ids.prefix(most).map(String.init).joined(separator: ", ") + rest + "]"
  }

  /// The first of the texts that are tried to which the two give other ids.
  static func difference(
    _ first: Tokenizer, _ second: Tokenizer, extra: [String]
  ) -> Difference? {
    let (a, b) = (TokenEncoder(first), TokenEncoder(second))
    func differs(_ text: String) -> Bool { a.encode(text) != b.encode(text) }
    let special = Set(first.addedStrings + second.addedStrings).sorted()
    let texts = ProbeText.pieces + special.flatMap(ProbeText.around) + extra
    guard let text = texts.first(where: differs) else { return nil }
    let short = shortened(text, differs)
    return Difference(text: short, first: a.encode(short), second: b.encode(short))
  }

  /// A part of `text` that still has the property: its shortest beginning, without what is needless
  /// at its start.
  private static func shortened(_ text: String, _ holds: (String) -> Bool) -> String {
    let scalars = Array(text.unicodeScalars)
    func part(_ range: Range<Int>) -> String {
      var part = String.UnicodeScalarView()
      part.append(contentsOf: scalars[range])
      return String(part)
    }
    var end = 1
    while end < scalars.count, !holds(part(0..<end)) { end += 1 }
    var start = 0
    while start + 1 < end, holds(part(start + 1..<end)) { start += 1 }
    return part(start..<end)
  }
}
