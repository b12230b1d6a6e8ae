/// How a role looks: colours in order of preference and attributes.
///
/// Written as "202 yellow bold on 235 black": the first colour that a terminal has exactly is taken
/// (202 with 256 colours, yellow with 16); if none, the nearest to the first. Where a terminal with
/// fewer colours needs other attributes as well, looks stand one behind the other, "243 bright-black |
/// default dim": the first one is taken whose colours the terminal has, else the last.
public struct Appearance: Hashable, Sendable {
  public var foreground: [Colour]
  public var background: [Colour]
  public var attributes: TextAttributes
  /// Looks for terminals that have not the colours of this one.
  public var fallbacks: [Appearance]

  public init(
    foreground: [Colour] = [], background: [Colour] = [], attributes: TextAttributes = [],
    fallbacks: [Appearance] = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
    self.fallbacks = fallbacks
  }

  private static let attributeNames: [String: TextAttributes] = [
    "bold": .bold, "dim": .dim, "underline": .underline, "reverse": .reverse, "italic": .italic,
    "plain": [],
  ]

  /// Reads the text form; nil and the offending word if a word is unknown.
  public static func parse(_ text: String) -> Result<Appearance, UnknownWord> {
    var looks: [Appearance] = []
    for part in text.lowercased().split(separator: "|", omittingEmptySubsequences: false) {
      switch single(part) {
      case .success(let look): looks.append(look)
      case .failure(let unknown): return .failure(unknown)
      }
    }
    var first = looks.removeFirst()
    first.fallbacks = looks
    return .success(first)
  }

  private static func single(_ text: Substring) -> Result<Appearance, UnknownWord> {
    var result = Appearance()
    var isBackground = false
    for word in text.split(whereSeparator: \.isWhitespace).map(String.init) {
      if word == "on" {
        isBackground = true
      } else if let attribute = attributeNames[word] {
        result.attributes.formUnion(attribute)
      } else if let colour = Colour(text: word) {
        if isBackground {
          result.background.append(colour)
        } else {
          result.foreground.append(colour)
        }
      } else {
        return .failure(UnknownWord(word: word))
      }
    }
    return .success(result)
  }

  /// A word that is neither colour nor attribute.
  public struct UnknownWord: Error, Hashable {
    public var word: String
  }

  /// What a terminal of this level shows.
  public func resolved(_ level: ColourLevel) -> ResolvedStyle {
    let looks = [self] + fallbacks
    let look = looks.first { $0.isExact(level) } ?? looks[looks.count - 1]
    return ResolvedStyle(
      foreground: Self.pick(look.foreground, level), background: Self.pick(look.background, level),
      attributes: look.attributes)
  }

  /// Whether a level has a colour of each list.
  private func isExact(_ level: ColourLevel) -> Bool {
    [foreground, background].allSatisfy { colours in
      colours.isEmpty || colours.contains { $0.isShown(by: level) }
    }
  }

  private static func pick(_ colours: [Colour], _ level: ColourLevel) -> UInt8? {
    guard level > .monochrome else { return nil }
    let exact = colours.first { $0.isShown(by: level) }
    guard case .indexed(let index)? = exact ?? colours.first?.reduced(to: level) else {
      return nil
    }
    return index
  }
}

/// Colours and attributes as the terminal gets them; nil is the terminal's own colour.
public struct ResolvedStyle: Hashable, Sendable {
  public var foreground: UInt8?
  public var background: UInt8?
  public var attributes: TextAttributes

  public init(
    foreground: UInt8? = nil, background: UInt8? = nil, attributes: TextAttributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
}
