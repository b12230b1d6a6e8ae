/// Lines that were run, the newest last.
public struct PaletteHistory: ScreenSettings, Hashable, Codable {
  public internal(set) var lines: [String] = []

  /// More than this nobody goes back through.
  private static let most = 100

  public init() {}

  mutating func add(_ line: String) {
    lines.removeAll { $0 == line }
    lines = Array((lines + [line]).suffix(Self.most))
  }
}

extension ViewState {
  public var paletteHistory: PaletteHistory {
    get { settings[PaletteHistory.self] }
    set { settings[PaletteHistory.self] = newValue }
  }
}
