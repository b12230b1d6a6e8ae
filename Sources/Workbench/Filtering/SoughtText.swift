import EngineInterface
import Foundation
import TerminalUI

/// Marks what a filter looks for in a text.
enum SoughtText {
  /// `text` with every place of `sought`, case ignored, in bold and underlined.
  static func marked(_ text: String, _ sought: [String], role: StyleRole = .text) -> StyledText {
    let ranges = places(of: sought, in: text)
    guard !ranges.isEmpty else { return StyledText(text, role) }
    var spans: [Span] = []
    var place = text.startIndex
    for range in ranges {
      if place < range.lowerBound {
        spans.append(Span(String(text[place..<range.lowerBound]), role))
      }
      spans.append(Span(String(text[range]), .accent, [.bold, .underline]))
      place = range.upperBound
    }
    if place < text.endIndex { spans.append(Span(String(text[place...]), role)) }
    return StyledText(spans)
  }

  /// The text from a little before the first place on, for rows that show only its beginning.
  static func excerpt(_ text: String, _ sought: [String], before: Int = 8) -> String {
    guard let first = places(of: sought, in: text).first else { return text }
    let distance = text.distance(from: text.startIndex, to: first.lowerBound)
    guard distance > before else { return text }
    return "... " + text[text.index(first.lowerBound, offsetBy: -before)...]
  }

  private static func places(of sought: [String], in text: String) -> [Range<String.Index>] {
    var ranges: [Range<String.Index>] = []
    for word in sought where !word.isEmpty {
      var start = text.startIndex
      while start < text.endIndex, ranges.count < 200,
        let range = text.range(of: word, options: .caseInsensitive, range: start..<text.endIndex)
      {
        ranges.append(range)
        start = range.upperBound
      }
    }
    // Those that lie in another one are part of it.
    var merged: [Range<String.Index>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound < last.upperBound { continue }
      merged.append(range)
    }
    return merged
  }
}
