/// A frame as a picture (SVG) that browsers draw as a terminal would.
///
/// Text stands in a monospace font, each run of equal style as one element stretched to its cells, so
/// that columns hold in any font. Blanks are kept in the way of SVG 2 and, for programs that draw SVG
/// 1.1 only (librsvg), in the old one. Lines, blocks and dots, which fonts draw with gaps, are shapes, one
/// element for each colour.
public struct FrameSVG {
  /// Pixels of a cell and of the font in it: a unit of the shapes is half a cell wide and a quarter high.
  static let (cellWidth, cellHeight, fontSize, unit) = (9, 18, 15, 4.5)
  private static let margin = 9

  private let frame: Frame
  private let theme: Theme
  private let title: String

  public init(_ frame: Frame, theme: Theme, title: String) {
    self.frame = frame
    self.theme = theme
    self.title = title
  }

  /// The file.
  public var text: String {
    var classes = Classes()
    var shapes = SVGShapes()
    var texts = ""
    for y in 0..<frame.size.height {
      for run in runs(ofRow: y) { texts += draw(run, y: y, &classes, &shapes) }
    }
    let (width, height) = (frame.size.width * Self.cellWidth, frame.size.height * Self.cellHeight)
    let (outerWidth, outerHeight) = (width + 2 * Self.margin, height + 2 * Self.margin)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(outerWidth)" height="\(outerHeight)" \
      viewBox="-\(Self.margin) -\(Self.margin) \(outerWidth) \(outerHeight)" role="img" \
      xml:space="preserve">
      <title>\(Self.escaped(title))</title>
      <style>text{font:\(Self.fontSize)px "DejaVu Sans Mono",Menlo,Consolas,"Liberation Mono",\
      monospace;white-space:pre}\(classes.rules)</style>
      <rect x="-\(Self.margin)" y="-\(Self.margin)" width="\(outerWidth)" height="\(outerHeight)" \
      rx="6" fill="\(Self.hex(ground))"/>
      <g transform="scale(\(Self.unit))">\(shapes.elements)</g>
      \(texts)</svg>

      """
  }

  // MARK: - Runs

  /// Cells side by side in one style.
  private struct Run {
    var x: Int
    var cells: [Cell]
    var style: Style
  }

  private func runs(ofRow y: Int) -> [Run] {
    var runs: [Run] = []
    for x in 0..<frame.size.width {
      let cell = frame.grid[x, y]
      // The right half of a wide character.
      if cell.width == 0 { continue }
      // A character of another width is a run of its own: stretching is even within a run.
      if cell.width == 1, let last = runs.last, last.style == cell.style,
        last.cells.last?.width == 1
      {
        runs[runs.count - 1].cells.append(cell)
      } else {
        runs.append(Run(x: x, cells: [cell], style: cell.style))
      }
    }
    return runs
  }

  private func draw(
    _ run: Run, y: Int, _ classes: inout Classes, _ shapes: inout SVGShapes
  ) -> String {
    let look = look(run.style)
    let width = run.cells.reduce(0) { $0 + Int($1.width) }
    if let background = look.background {
      shapes.fill(x: run.x, y: y, cells: width, colour: background)
    }
    let colour =
      look.attributes.contains(.dim) ? Self.mix(look.foreground, ground) : look.foreground
    // What is drawn as a shape leaves a blank in the text.
    let letters = run.cells.enumerated().map { offset, cell in
      shapes.draw(cell.text, x: run.x + offset, y: y, colour: Self.hex(colour)) ? " " : cell.text
    }
    guard let first = letters.firstIndex(where: { $0 != " " }),
      let last = letters.lastIndex(where: { $0 != " " })
    else {
      return look.attributes.contains(.underline)
        ? element(
          String(repeating: " ", count: width), x: run.x, y: y, cells: width, colour, look, &classes
        )
        : ""
    }
    // Blanks at the ends show nothing, unless they are underlined.
    let range = look.attributes.contains(.underline) ? 0...letters.count - 1 : first...last
    let cells = run.cells[range].reduce(0) { $0 + Int($1.width) }
    return element(
      letters[range].joined(), x: run.x + range.lowerBound, y: y, cells: cells, colour, look,
      &classes)
  }

  private func element(
    _ text: String, x: Int, y: Int, cells: Int, _ colour: RGB, _ look: Look,
    _ classes: inout Classes
  ) -> String {
    let name = classes.name(Self.hex(colour), look.attributes)
    let left = x * Self.cellWidth
    let base = y * Self.cellHeight + Self.cellHeight - 5
    return "<text class=\"\(name)\" x=\"\(left)\" y=\"\(base)\" "
      + "textLength=\"\(cells * Self.cellWidth)\" lengthAdjust=\"spacingAndGlyphs\">"
      + "\(Self.escaped(text))</text>\n"
  }

  // MARK: - Colours

  private struct Look {
    var foreground: RGB
    var background: String?
    var attributes: TextAttributes
  }

  /// Of the terminal that the picture shows: the theme's ground, or a dark one.
  private var ground: RGB {
    if case .indexed(let index)? = theme.background { return RGB(index: index) }
    return RGB(red: 0x16, green: 0x18, blue: 0x1D)
  }

  private var ink: RGB {
    ground.luminance < 0.4
      ? RGB(red: 0xD8, green: 0xDA, blue: 0xDE) : RGB(red: 0x1E, green: 0x20, blue: 0x26)
  }

  private func look(_ style: Style) -> Look {
    let resolved = theme.resolve(style, level: .indexed256)
    var foreground = resolved.foreground.map { RGB(index: $0) } ?? ink
    var background = resolved.background.map { RGB(index: $0) } ?? ground
    if resolved.attributes.contains(.reverse) { swap(&foreground, &background) }
    return Look(
      foreground: foreground, background: background == ground ? nil : Self.hex(background),
      attributes: resolved.attributes)
  }

  private static func mix(_ one: RGB, _ other: RGB) -> RGB {
    func half(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((2 * Int(a) + Int(b)) / 3) }
    return RGB(
      red: half(one.red, other.red), green: half(one.green, other.green),
      blue: half(one.blue, other.blue))
  }

  /// "#1e90ff".
  static func hex(_ colour: RGB) -> String {
    "#"
      + [colour.red, colour.green, colour.blue].map {
        ($0 < 16 ? "0" : "") + String($0, radix: 16)
      }.joined()
  }

  /// Text between tags. Cells hold no control characters; what XML cannot hold at all is replaced.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Styles as classes with short names.
  private struct Classes {
    private var names: [String: String] = [:]
    private(set) var rules = ""

    mutating func name(_ colour: String, _ attributes: TextAttributes) -> String {
      var rule = "fill:\(colour)"
      if attributes.contains(.bold) { rule += ";font-weight:bold" }
      if attributes.contains(.italic) { rule += ";font-style:italic" }
      if attributes.contains(.underline) { rule += ";text-decoration:underline" }
      if let name = names[rule] { return name }
      let name = "s\(names.count)"
      names[rule] = name
      rules += ".\(name){\(rule)}"
      return name
    }
  }
}
