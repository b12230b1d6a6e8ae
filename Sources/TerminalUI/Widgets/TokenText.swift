/// A token of a text with the role of its score and its mark for screens without colour.
public struct ScoredToken: Hashable, Sendable {
  public var text: String
  public var role: StyleRole
  /// Drawn under the token where colours cannot be told apart: "++", "+", ".", "-", "--".
  public var mark: String

  public init(_ text: String, role: StyleRole, mark: String) {
    self.text = text
    self.role = role
    self.mark = mark
  }

  /// A token by its log-probability difference in nats: within 0.25 is even, from 1 on strong.
  public init(_ text: String, difference: Double) {
    let (near, far) = (0.25, 1.0)
    self.text = text
    (role, mark) =
      switch difference {
      case _ where difference.isNaN: (.dim, "?")
      case far...: (.diffPos2, "++")
      case near...: (.diffPos1, "+")
      case ...(-far): (.diffNeg2, "--")
      case ...(-near): (.diffNeg1, "-")
      default: (.diff0, ".")
      }
  }
}

/// Running text of scored tokens, wrapped; in monochrome a line of marks follows every line.
public struct TokenText: Widget {
  /// Kind of the mouse targets; `index` is the token.
  public static let hitKind = "token"
  public var tokens: [ScoredToken]
  /// First line shown, counted in text lines.
  public var top: Int
  /// Nil: marks exactly where the canvas is monochrome.
  public var showsMarks: Bool?
  /// The token that is drawn reversed, and the run of tokens that is underlined.
  public var marked: Int?
  public var run: Range<Int>?
  /// Columns side by side, read one after the other.
  public var columns = 1
  private static let gap = 3

  public init(
    _ tokens: [ScoredToken], top: Int = 0, showsMarks: Bool? = nil
  ) {
    self.tokens = tokens
    self.top = top
    self.showsMarks = showsMarks
  }

  private var text: StyledText {
    StyledText(tokens.map { Span($0.text, $0.role) })
  }

  /// As many columns as a view of this width can have without a line that is tiring to read or short.
  public static func columns(width: Int) -> Int { width >= 2 * 66 + gap ? 2 : 1 }

  private func columnWidth(_ width: Int) -> Int {
    max(1, (width - (columns - 1) * Self.gap) / max(1, columns))
  }

  /// Number of text lines in a view of this width.
  public func lineCount(width: Int, limit: Int = 100_000) -> Int {
    TextWrap.lines(text, width: columnWidth(width), limit: limit).count
  }

  /// The text line on which a token starts; nil if it draws nothing.
  public func line(ofToken index: Int, width: Int) -> Int? {
    TextWrap.tracedLines(text, width: columnWidth(width)).firstIndex { $0.sources.contains(index) }
  }

  public func draw(on canvas: inout Canvas) {
    guard canvas.size.width > 0, canvas.size.height > 0 else { return }
    let withMarks = showsMarks ?? canvas.isMonochrome
    let step = withMarks ? 2 : 1
    let rows = (canvas.size.height + step - 1) / step
    let first = max(0, top)
    let width = columnWidth(canvas.size.width)
    let (limit, overflow) = first.addingReportingOverflow(rows * columns)
    let lines = TextWrap.tracedLines(text, width: width, limit: overflow ? .max : limit)
    var marked = -1
    for (index, line) in lines.enumerated() {
      let place = index - first
      let y = place < 0 ? -1 : place % rows * step
      var x = place < 0 ? 0 : place / rows * (width + Self.gap)
      for (span, source) in zip(line.text.spans, line.sources) {
        let width = VisibleText.width(span.text)
        if y >= 0 {
          var style = span.style
          if run?.contains(source) == true { style.attributes.insert(.underline) }
          if source == self.marked { style.attributes.formUnion([.reverse, .bold]) }
          canvas.put(span.text, x: x, y: y, style: style)
          canvas.mark(
            Rect(x: x, y: y, width: width, height: 1), as: HitTarget(Self.hitKind, source))
          if withMarks && source != marked { drawMark(source, span, x: x, y: y + 1, on: &canvas) }
        }
        marked = source
        x += width
      }
    }
  }

  /// The mark stands under the token's first letter, not under the space before it.
  private func drawMark(_ source: Int, _ span: Span, x: Int, y: Int, on canvas: inout Canvas) {
    let lead = span.text.prefix { $0 == " " }.count
    guard lead < span.text.count else { return }
    let room = max(1, VisibleText.width(span.text) - lead)
    let token = tokens[source]
    canvas.put(String(token.mark.prefix(room)), x: x + lead, y: y, role: token.role)
  }
}
