import ArgumentParser
import Numerics
import TerminalUI

/// Themes and how well they can be read.
struct ThemesCommand: ParsableCommand, LooksOnly {
  static let configuration = CommandConfiguration(
    commandName: "themes",
    abstract: "List the themes with their lowest contrast against their own background.",
    discussion: """
      --check computes for every theme, with 256, 16 and 8 colours and without, the lowest contrast of \
      words and of marks, and how far apart (CIEDE2000) kept and dropped, and the nearest two of eight \
      curves, lie for most eyes and with protanopia, deuteranopia and tritanopia. On the terminal's own \
      ground black and white are both assumed. A theme that breaks a rule gives exit code 1.
      """)

  @Flag(help: "Print contrasts and distances on every level of colours.")
  var check = false
  @Argument(help: "Themes; by default all that are found.")
  var names: [String] = []

  func run() throws {
    let catalogue = ScreenArguments.catalogue
    var isSound = true
    for name in names.isEmpty ? catalogue.names : names {
      let (theme, warnings) = try catalogue.load(name)
      if check {
        let table = ThemeTable(theme)
        for line in table.lines { try Output.line(line) }
        isSound = isSound && table.isSound
      } else {
        let lowest = StyleRole.allCases.compactMap { theme.contrast(Style($0)) }.min()
        try Output.line(
          "\(name): "
            + (lowest.map { "lowest contrast \(Number.fixed($0, 1)):1" }
              ?? "the terminal's own background"))
      }
      for warning in warnings { try Output.line("  \(warning)") }
    }
    if !isSound { throw ExitStatus(code: 1, text: "A theme breaks the rules.") }
  }
}

/// The figures of a theme on every level.
private struct ThemeTable {
  private(set) var lines: [String]
  private(set) var isSound = true

  init(_ theme: Theme) {
    lines = [
      theme.name,
      "  colours ground   words   marks   kept-dropped n/p/d/t      nearest curves n/p/d/t",
    ]
    for level in ColourLevel.allCases.reversed() {
      for ground in ThemeCheck.grounds(of: theme) {
        let check = ThemeCheck(theme, level: level, on: ground)
        lines.append(line(check, theme, isColoured: level > .monochrome && !theme.isMonochrome))
        let complaints = check.complaints
        isSound = isSound && complaints.isEmpty
        lines += complaints.map { "    \($0)" }
      }
      if theme.isMonochrome { break }
    }
  }

  private func line(_ check: ThemeCheck, _ theme: Theme, isColoured: Bool) -> String {
    let colours = isColoured ? "\(check.level.rawValue)" : "none"
    let ground = theme.background == nil ? check.assumed.rawValue : "own"
    guard isColoured else { return "  \(colours.padded(7)) \(ground)" }
    func ratio(_ isMark: Bool) -> String {
      check.lowestContrast(ofMarks: isMark).map { "\(Number.fixed($0, 1)):1" } ?? "yours"
    }
    func all(_ distance: (ColourVision) -> Double) -> String {
      let distances = ColourVision.allCases.map(distance)
      // With few colours some are told apart by being bold or underlined.
      return distances[0] == 0
        ? "by bold" : distances.map { Number.fixed($0, 1) }.joined(separator: " ")
    }
    return "  \(colours.padded(7)) \(ground.padded(8)) \(ratio(false).padded(7)) "
      + "\(ratio(true).padded(7)) "
      + all { check.distance(.keep, .drop, vision: $0) }.padded(25) + " "
      + all { check.curveDistance($0) }
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
