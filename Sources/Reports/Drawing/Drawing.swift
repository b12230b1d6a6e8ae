/// A picture in SVG 1.1, written element by element: a white card, plain shapes, text as text.
///
/// The same calls give the same bytes: coordinates have one decimal, and nothing depends on the
/// machine, the time or the order of a dictionary. Lengths are in pixels, y grows downwards.
public struct Drawing: Sendable {
  public enum Anchor: String, Sendable { case start, middle, end }

  static let fonts =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
  /// Largest coordinate that is written: beyond it nothing can be seen, and readers differ.
  static let farthest = 1e6

  public let width: Double
  public let height: Double
  private let title: String
  private let description: String
  private var elements: [String] = []

  /// - Parameters:
  ///   - title: what the picture shows, for readers that cannot see it.
  ///   - description: what can be seen in it, for the same.
  public init(width: Double, height: Double, title: String, description: String = "") {
    self.width = width
    self.height = height
    self.title = title
    self.description = description
  }

  /// The whole document.
  public var svg: String {
    let (w, h) = (Self.number(width), Self.number(height))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(w)\" height=\"\(h)\" "
        + "viewBox=\"0 0 \(w) \(h)\" role=\"img\" font-family=\"\(Self.fonts)\" font-size=\"12\">",
      "<title>\(XMLText.escaped(title))</title>",
    ]
    if !description.isEmpty { lines.append("<desc>\(XMLText.escaped(description))</desc>") }
    lines.append(
      "<rect x=\"0.5\" y=\"0.5\" width=\"\(Self.number(width - 1))\" "
        + "height=\"\(Self.number(height - 1))\" rx=\"6\" fill=\"\(Palette.card)\" "
        + "stroke=\"\(Palette.cardEdge)\"/>")
    return (lines + elements + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  public mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, colour: String, width: Double = 1,
    dash: String = ""
  ) {
    elements.append(
      "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" "
        + "y2=\"\(Self.number(y2))\" stroke=\"\(colour)\"\(Self.stroke(width, dash))/>")
  }

  public mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String,
    opacity: Double = 1, radius: Double = 0
  ) {
    elements.append(
      "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(max(0, width)))\" "
        + "height=\"\(Self.number(max(0, height)))\" fill=\"\(fill)\"\(Self.opacity(opacity))"
        + (radius > 0 ? " rx=\"\(Self.number(radius))\"" : "") + "/>")
  }

  /// A dot; hollow ones have a white middle.
  public mutating func dot(
    _ x: Double, _ y: Double, radius: Double, colour: String, isHollow: Bool = false,
    opacity: Double = 1
  ) {
    let paint =
      isHollow
      ? "fill=\"\(Palette.card)\" stroke=\"\(colour)\" stroke-width=\"1.5\"" : "fill=\"\(colour)\""
    elements.append(
      "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" "
        + "\(paint)\(Self.opacity(opacity))/>")
  }

  /// Straight lines through points.
  public mutating func polyline(
    _ points: [(x: Double, y: Double)], colour: String, width: Double = 1.6, dash: String = "",
    opacity: Double = 1
  ) {
    guard points.count > 1 else { return }
    elements.append(
      "<polyline points=\"\(Self.list(points))\" fill=\"none\" stroke=\"\(colour)\" "
        + "stroke-linejoin=\"round\" stroke-linecap=\"round\"\(Self.stroke(width, dash))"
        + "\(Self.opacity(opacity))/>")
  }

  public mutating func polygon(
    _ points: [(x: Double, y: Double)], fill: String, opacity: Double = 1
  ) {
    guard points.count > 2 else { return }
    elements.append(
      "<polygon points=\"\(Self.list(points))\" fill=\"\(fill)\"\(Self.opacity(opacity))/>")
  }

  /// Many rectangles of one colour as one element: a fraction of the bytes.
  public mutating func rectangles(
    _ all: [(x: Double, y: Double, width: Double, height: Double)], fill: String,
    opacity: Double = 1
  ) {
    if all.isEmpty { return }
    let path = all.map {
      "M\(Self.number($0.x)) \(Self.number($0.y))h\(Self.number($0.width))"
        + "v\(Self.number($0.height))h\(Self.number(-$0.width))z"
    }
    elements.append(
      "<path d=\"\(path.joined())\" fill=\"\(fill)\"\(Self.opacity(opacity)) "
        + "shape-rendering=\"crispEdges\"/>")
  }

  /// Text whose baseline is at y.
  ///
  /// - Parameters:
  ///   - hasHalo: whether the card's colour is around it, where lines run below.
  ///   - full: shown by browsers when the pointer rests on it; for what was cut.
  public mutating func text(
    _ text: String, _ x: Double, _ y: Double, size: Double = 12, colour: String = Palette.text,
    anchor: Anchor = .start, isBold: Bool = false, hasHalo: Bool = false,
    full: String? = nil
  ) {
    let weight = isBold ? " font-weight=\"600\"" : ""
    let halo =
      hasHalo
      ? " stroke=\"\(Palette.card)\" stroke-width=\"4\" stroke-linejoin=\"round\" "
        + "paint-order=\"stroke\"" : ""
    let anchoring = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    let tip = full.map { $0 == text ? "" : "<title>\(XMLText.escaped($0))</title>" } ?? ""
    elements.append(
      "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\" "
        + "fill=\"\(colour)\"\(weight)\(halo)\(anchoring)>\(tip)\(XMLText.escaped(text))</text>")
  }

  // MARK: - Numbers

  /// With one decimal at most; what is no number, which no caller should draw, is 0.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let tenths = Int((max(-farthest, min(farthest, value)) * 10).rounded())
    let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
    return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
  }

  private static func list(_ points: [(x: Double, y: Double)]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  private static func stroke(_ width: Double, _ dash: String) -> String {
    (width == 1 ? "" : " stroke-width=\"\(number(width))\"")
      + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
  }

  private static func opacity(_ value: Double) -> String {
    guard value < 1 else { return "" }
    let hundredths = Int((max(0, value) * 100).rounded())
    return " opacity=\"0.\(hundredths < 10 ? "0" : "")\(min(99, hundredths))\""
  }
}
