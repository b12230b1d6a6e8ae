/// How a role looks: colours in order of preference and attributes.
///
/// Written as "202 yellow bold on 235 black": the first colour that a terminal has exactly is taken
/// (202 with 256 colours, yellow with 16); if none, the nearest to the first.
public struct Appearance: Hashable, Sendable {
  public var foreground: [Colour]
  public var background: [Colour]
  public var attributes: TextAttributes

  public init(
    foreground: [Colour] = [], background: [Colour] = [], attributes: TextAttributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  private static let attributeNames: [String: TextAttributes] = [
    "bold": .bold, "dim": .dim, "underline": .underline, "reverse": .reverse, "italic": .italic,
    "plain": [],
  ]

  /// Reads the text form; nil and the offending word if a word is unknown.
  public static func parse(_ text: String) -> Result<Appearance, UnknownWord> {
    var result = Appearance()
    var isBackground = false
    for word in text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init) {
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
    ResolvedStyle(
      foreground: Self.pick(foreground, level), background: Self.pick(background, level),
      attributes: attributes)
  }

  private static func pick(_ colours: [Colour], _ level: ColourLevel) -> UInt8? {
    guard level > .monochrome else { return nil }
    let exact = colours.first { $0.reduced(to: level) == $0 }
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
