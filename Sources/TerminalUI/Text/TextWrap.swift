/// Breaking text into lines of a width.
public enum TextWrap {
  /// Tabs of foreign text reach to the next multiple of so many columns.
  public static let tabWidth = 4

  /// Lines of at most `width` columns: breaks at line feeds, then at spaces, then anywhere.
  ///
  /// Spaces that lead a line are kept (code has meaning in them); spaces at a break are dropped.
  /// Stops after `limit` lines, so that a line of ten megabytes costs no more than the screen shows.
  public static func lines(_ text: StyledText, width: Int, limit: Int = .max) -> [StyledText] {
    var breaker = LineBreaker(width: width, limit: limit)
    for (index, span) in text.spans.enumerated() {
      breaker.add(span, source: index)
      if breaker.isFull { break }
    }
    return breaker.finish().map(\.text)
  }

  /// As `lines`, and for each piece of a line the index of the span that it comes from.
  public static func tracedLines(
    _ text: StyledText, width: Int, limit: Int = .max
  ) -> [TracedLine] {
    var breaker = LineBreaker(width: width, limit: limit)
    for (index, span) in text.spans.enumerated() {
      breaker.add(span, source: index)
      if breaker.isFull { break }
    }
    return breaker.finish()
  }
}

/// A line made by wrapping; `sources[i]` is the span of the original text that piece i comes from.
public struct TracedLine: Hashable, Sendable {
  public var text: StyledText
  public var sources: [Int]
}

/// Collects clusters into lines.
private struct LineBreaker {
  private struct Piece {
    var text: String
    var width: Int
    var style: Style
    var source: Int
    var isSpace: Bool
  }

  private let width: Int
  private let limit: Int
  private var lines: [TracedLine] = []
  private var line: [Piece] = []
  private var column = 0
  /// Index in `line` after the last space where the line may be cut.
  private var breakIndex = 0

  init(width: Int, limit: Int) {
    self.width = max(1, width)
    self.limit = limit
  }

  var isFull: Bool { lines.count >= limit }

  mutating func add(_ span: Span, source: Int) {
    VisibleText.forEachCluster(in: span.text) { cluster, columns, isMark in
      if isMark {
        switch cluster {
        case "\u{240A}":
          endLine()
          return !isFull
        case "\u{240D}":  // carriage return of a CR LF text
          return true
        case " ":
          for _ in 0..<(TextWrap.tabWidth - column % TextWrap.tabWidth) {
            append(
              Piece(text: " ", width: 1, style: span.style, source: source, isSpace: true))
          }
          return !isFull
        default: break
        }
      }
      let style = isMark ? Style(.mark, span.style.attributes) : span.style
      append(
        Piece(
          text: cluster, width: columns, style: style, source: source, isSpace: cluster == " "))
      return !isFull
    }
  }

  private mutating func append(_ piece: Piece) {
    while column + piece.width > width, !line.isEmpty {
      if piece.isSpace {
        wrap(at: line.count)
        return
      }
      wrap(at: breakIndex > 0 ? breakIndex : line.count)
    }
    // A wide character in a view of one column can never stand: drop it.
    if piece.width > width { return }
    line.append(piece)
    column += piece.width
    if piece.isSpace, line.contains(where: { !$0.isSpace }) { breakIndex = line.count }
  }

  /// Ends the line before a piece; what follows starts the next one.
  private mutating func wrap(at index: Int) {
    let rest = Array(line[index...])
    line.removeSubrange(index...)
    while let last = line.last, last.isSpace { line.removeLast() }
    endLine()
    line = rest
    column = rest.reduce(0) { $0 + $1.width }
  }

  private mutating func endLine() {
    var text = StyledText()
    var sources: [Int] = []
    for piece in line {
      if let last = sources.last, last == piece.source,
        text.spans[text.spans.count - 1].style == piece.style
      {
        text.spans[text.spans.count - 1].text += piece.text
      } else {
        text.spans.append(Span(piece.text, style: piece.style))
        sources.append(piece.source)
      }
    }
    if !isFull { lines.append(TracedLine(text: text, sources: sources)) }
    line = []
    column = 0
    breakIndex = 0
  }

  mutating func finish() -> [TracedLine] {
    if !line.isEmpty || lines.isEmpty, !isFull { endLine() }
    return lines
  }
}
