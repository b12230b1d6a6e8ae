/// A run of text in one style.
public struct Span: Hashable, Sendable {
  public var text: String
  public var style: Style

  public init(_ text: String, _ role: StyleRole = .text, _ attributes: TextAttributes = []) {
    self.text = text
    style = Style(role, attributes)
  }

  public init(_ text: String, style: Style) {
    self.text = text
    self.style = style
  }
}

/// One line of text with styles. A string literal is a line in the `text` role.
public struct StyledText: Hashable, Sendable, ExpressibleByStringLiteral,
  ExpressibleByStringInterpolation, ExpressibleByArrayLiteral
{
  public var spans: [Span]

  public init(_ spans: [Span] = []) {
    self.spans = spans
  }

  public init(_ text: String, _ role: StyleRole = .text, _ attributes: TextAttributes = []) {
    spans = text.isEmpty ? [] : [Span(text, role, attributes)]
  }

  public init(stringLiteral value: String) {
    self.init(value)
  }

  public init(arrayLiteral elements: Span...) {
    self.init(elements)
  }

  public var isEmpty: Bool { spans.allSatisfy { $0.text.isEmpty } }
  /// The characters without styles.
  public var plain: String { spans.map(\.text).joined() }
  /// Columns it takes when drawn.
  public var width: Int { spans.reduce(0) { $0 + VisibleText.width($1.text) } }

  public static func + (left: StyledText, right: StyledText) -> StyledText {
    StyledText(left.spans + right.spans)
  }

  public static func += (left: inout StyledText, right: StyledText) {
    left.spans += right.spans
  }

  /// The same text with every span in the `text` role drawn in another one.
  public func tinted(_ role: StyleRole) -> StyledText {
    StyledText(
      spans.map { span in
        span.style.role == .text ? Span(span.text, style: Style(role, span.style.attributes)) : span
      })
  }

  /// The same text on the ground of a role.
  public func on(_ ground: StyleRole) -> StyledText {
    StyledText(
      spans.map { span in
        var style = span.style
        style.ground = ground
        return Span(span.text, style: style)
      })
  }
}
