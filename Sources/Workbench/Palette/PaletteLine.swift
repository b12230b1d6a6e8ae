/// A line of the palette cut into words; quotes hold words with blanks together.
struct PaletteLine {
  struct Word: Equatable {
    /// Without quotes.
    var text: String
    /// Characters of the line, quotes among them.
    var range: Range<Int>
  }

  let text: String
  private(set) var words: [Word] = []
  /// Whether the last word is finished: a blank follows it, or its quote is closed.
  private(set) var isOpen = true

  init(_ text: String) {
    self.text = text
    var word: Word?
    var quote: Character?
    for (place, character) in text.enumerated() {
      if let open = quote {
        if character == open { quote = nil } else { word?.text.append(character) }
      } else if character.isWhitespace {
        if let word { words.append(word) }
        word = nil
        continue
      } else if character == "\"" || character == "'", word == nil {
        quote = character
        word = Word(text: "", range: place..<place)
      } else {
        if word == nil { word = Word(text: "", range: place..<place) }
        word?.text.append(character)
      }
      if let start = word?.range.lowerBound { word?.range = start..<place + 1 }
    }
    isOpen = word == nil
    if let word { words.append(word) }
  }

  /// Everything from a word on, as it was typed.
  func rest(from index: Int) -> String {
    guard let word = words[safe: index] else { return "" }
    var rest = String(text.dropFirst(word.range.lowerBound))
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }

  /// A word as it is written in a line: in quotes where it holds blanks.
  static func quoted(_ word: String) -> String {
    let needsQuotes = word.isEmpty || word.contains(where: \.isWhitespace) || word.hasPrefix("'")
    return needsQuotes || word.hasPrefix("\"") ? "\"\(word)\"" : word
  }
}
