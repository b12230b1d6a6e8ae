import TerminalUI

/// Where a person has put the borders between panes.
public struct SplitSettings: ScreenSettings, Hashable, Codable {
  /// Shares (0...1) of the first part, by the names of splitters; what is missing is as the screen
  /// has it.
  public var fractions: [String: Double] = [:]

  public init() {}
}

extension ViewState {
  public var splits: SplitSettings {
    get { settings[SplitSettings.self] }
    set { settings[SplitSettings.self] = newValue }
  }

  /// The panes of the body with borders where a person has put them, and the borders, the outer ones
  /// first.
  var splitLayout: (panes: [Pane: Rect], splitters: [Splitter]) {
    if showsOnePane { return ([focusedPane: Rect(bodySize)], []) }
    var panes = screen.view.layout(self).filter { !$0.value.isEmpty }
    var splitters: [Splitter] = []
    func cut(_ group: [Pane]) {
      guard let splitter = Splitter.first(in: panes, group, screen: "\(screen)") else { return }
      if let fraction = splits.fractions[splitter.name], fraction.isFinite {
        let length = Int((min(1, max(0, fraction)) * Double(splitter.length)).rounded())
        panes = splitter.moving(panes, to: splitter.start + length)
      }
      splitters.append(splitter)
      cut(splitter.first)
      cut(splitter.second)
    }
    cut(screen.panes.filter { panes[$0] != nil })
    return (panes, splitters)
  }

  /// The pane at a place of the body.
  func pane(at point: Point) -> Pane? {
    splitLayout.panes.first { $0.value.contains(point) }?.key
  }
}

extension Action {
  static let splitLeft = split(
    "split.left", "<", "border of the panes to the left", .columns, -1, label: "border")
  static let splitRight = split(
    "split.right", ">", "border of the panes to the right", .columns, 1)
  static let splitUp = split("split.up", "(", "border of the panes up", .rows, -1)
  static let splitDown = split("split.down", ")", "border of the panes down", .rows, 1)

  private static func split(
    _ id: String, _ key: Character, _ title: String, _ axis: Splitter.Axis, _ direction: Int,
    label: String? = nil
  ) -> Action {
    Action(
      id, [.character(key)], title, label: label,
      notNow: { state in
        splitter(state, axis) == nil
          ? axis == .columns
            ? "No panes stand side by side here." : "No panes stand one above the other here."
          : nil
      },
      does: { reducer in
        guard let splitter = splitter(reducer.state, axis) else { return }
        let place = splitter.place(reducer.state.splitLayout.panes)
        reducer.move(splitter, to: place + direction * (axis == .columns ? 2 : 1))
      })
  }

  /// The innermost border of the focused pane.
  private static func splitter(_ state: ViewState, _ axis: Splitter.Axis) -> Splitter? {
    state.splitLayout.splitters.last {
      $0.axis == axis && ($0.first + $0.second).contains(state.focusedPane)
    }
  }
}

extension Reducer {
  /// Remembers a border at a place of the body.
  mutating func move(_ splitter: Splitter, to place: Int) {
    guard let place = splitter.allowed(place) else { return }
    state.splits.fractions[splitter.name] =
      Double(place - splitter.start) / Double(splitter.length)
  }

  /// Puts the borders of the screen where it has them; true if one was elsewhere.
  mutating func evenSplits() -> Bool {
    let names = state.splitLayout.splitters.map(\.name).filter {
      state.splits.fractions[$0] != nil
    }
    for name in names { state.splits.fractions[name] = nil }
    return !names.isEmpty
  }
}
