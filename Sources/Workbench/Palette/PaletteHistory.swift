/// Lines that were run, the newest last.
public struct PaletteHistory: ScreenSettings, Hashable {
  public internal(set) var lines: [String] = []

  public init() {}

  mutating func add(_ line: String) {
    lines = Prompt.history(lines, adding: line)
  }
}

extension ViewState {
  public var paletteHistory: PaletteHistory {
    get { settings[PaletteHistory.self] }
    set { settings[PaletteHistory.self] = newValue }
  }
}
