extension Frame {
  /// The picture as text with SGR colour codes: for `--once` and for looking at frames.
  public func ansi(theme: Theme, level: ColourLevel) -> String {
    var result = ""
    for y in 0..<size.height {
      var current = ResolvedStyle()
      for x in 0..<size.width {
        let cell = grid[x, y]
        if cell.width == 0 { continue }
        let style = theme.resolve(cell.style, level: level)
        if style != current {
          result += style.sgr
          current = style
        }
        result += cell.text
      }
      result += current == ResolvedStyle() ? "\n" : "\u{1B}[0m\n"
    }
    return result
  }
}

extension ResolvedStyle {
  /// The escape sequence that sets exactly this style.
  var sgr: String {
    var codes = ["0"]
    let attributes: [(TextAttributes, String)] = [
      (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"),
    ]
    codes += attributes.filter { self.attributes.contains($0.0) }.map(\.1)
    if let foreground { codes.append(Self.code(foreground, base: 30)) }
    if let background { codes.append(Self.code(background, base: 40)) }
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }

  private static func code(_ index: UInt8, base: Int) -> String {
    switch index {
    case 0..<8: "\(base + Int(index))"
    case 8..<16: "\(base + 60 + Int(index) - 8)"
    default: "\(base + 8);5;\(index)"
    }
  }
}
