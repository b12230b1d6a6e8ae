import Numerics

/// The selection with its history: every change can be taken back and done again.
///
/// A change is what a person does in one go: a value that is typed, a pin, a floor, a choice by hand,
/// and all moves of the ratio that carry the same gesture, such as a drag from press to release. There
/// is no clock in it: the same commands give the same history.
public struct SelectionHistory: Sendable, Equatable {
  /// What held before, oldest first, and what will hold again, newest first.
  private var past: [SelectionChange] = []
  private var present: SelectionChange
  private var future: [SelectionChange] = []
  /// The gesture that made the newest change; moves that carry it go on with that change.
  private var gesture: Int?

  /// Begins with a ratio.
  public init(ratio: Double) {
    present = SelectionChange(
      settings: SelectionSettings(rule: .ratio(ratio)), title: "ratio \(Number.fixed(ratio, 3))")
  }

  /// Goes on from a recipe; nil when it is empty.
  public init?(recipe: [SelectionChange]) {
    guard let last = recipe.last else { return nil }
    past = recipe.dropLast()
    present = last
  }

  /// What decides now.
  public var settings: SelectionSettings { present.settings }
  /// What is pinned under a name, to be gone back to and compared with.
  public var pins: [String: SelectionSettings] { present.pins }
  /// Everything that was done and not taken back, oldest first: replaying it gives the selection.
  public var recipe: [SelectionChange] { past + [present] }

  /// What `undo` and `redo` would take back or do again, from what to what.
  public var undoTitle: String? { past.isEmpty ? nil : present.title }
  public var redoTitle: String? { future.last?.title }

  // MARK: - Changes

  /// Moves the rule. `gesture`: moves that carry the same number one after the other are one change;
  /// nil is a change of its own.
  public mutating func move(to rule: SelectionRule, gesture: Int? = nil) {
    var changed = settings
    changed.rule = rule
    guard let gesture, gesture == self.gesture, let before = past.last else {
      apply(changed, title: "\(Self.text(settings.rule)) -> \(Self.text(rule))")
      self.gesture = gesture
      return
    }
    if changed == before.settings {
      // Back where it began: there is nothing to take back.
      present = before
      past.removeLast()
      self.gesture = nil
    } else {
      present = SelectionChange(
        settings: changed, title: "\(Self.text(before.settings.rule)) -> \(Self.text(rule))",
        pins: present.pins)
    }
  }

  /// Turns a chunk over by hand, or takes that back.
  public mutating func flip(chunk: Int, isKept: Bool) {
    var changed = settings
    func side(_ isKept: Bool) -> String { isKept ? "kept" : "dropped" }
    if let index = changed.manual.firstIndex(where: { $0.chunk == chunk }) {
      changed.manual.remove(at: index)
      apply(changed, title: "chunk \(chunk): \(side(isKept)) by hand -> as scored")
    } else {
      changed.manual.append(ManualChoice(chunk: chunk, keep: !isKept))
      apply(changed, title: "chunk \(chunk): \(side(isKept)) -> \(side(!isKept)) by hand")
    }
  }

  /// Sets or removes the floor of a source.
  public mutating func setFloor(source: String, share: Double?) {
    var changed = settings
    func text(_ floor: Double?) -> String { floor.map { Number.percent($0) } ?? "none" }
    changed.floors[source] = share
    apply(
      changed, title: "floor of \(source): \(text(settings.floors[source])) -> \(text(share))")
  }

  /// Sets or removes the cap on the teacher's NLL.
  public mutating func setTeacherCap(_ cap: Float?) {
    var changed = settings
    func text(_ cap: Float?) -> String { cap.map { Number.fixed(Double($0), 3) } ?? "none" }
    changed.teacherNLLCap = cap
    apply(
      changed, title: "cap on the teacher's NLL: \(text(settings.teacherNLLCap)) -> \(text(cap))")
  }

  /// Ranks chunks otherwise. A threshold, which is of differences, becomes the ratio that it keeps.
  public mutating func setRanking(_ ranking: SelectionRanking, ratio: Double) {
    var changed = settings
    changed.ranking = ranking
    if !ranking.isMethod { changed.rule = .ratio(ratio) }
    apply(changed, title: "ranked by \(settings.ranking.words) -> \(ranking.words)")
  }

  /// Pins what decides now under a name.
  ///
  /// - Parameter ratio: what the rule keeps, by which it is pinned.
  public mutating func pin(_ name: String, ratio: Double) {
    var pinned = settings
    pinned.rule = .ratio(ratio)
    var pins = pins
    let before = pins.updateValue(pinned, forKey: name)
    change(
      to: settings, pins: pins,
      title: "pin \(name): \(before.map(Self.text) ?? "none") -> \(Self.text(pinned))")
  }

  /// Goes back to what is pinned under a name, as a whole; false when nothing is.
  public mutating func recall(_ name: String) -> Bool {
    guard let pinned = pins[name] else { return false }
    apply(pinned, title: "\(Self.text(settings)) -> \(Self.text(pinned)), pin \(name)")
    return true
  }

  /// Makes a change that a recipe holds the next one; one that changes nothing is left out.
  public mutating func take(_ change: SelectionChange) {
    self.change(to: change.settings, pins: change.pins, title: change.title)
  }

  public mutating func undo() {
    guard let before = past.popLast() else { return }
    future.append(present)
    present = before
    gesture = nil
  }

  public mutating func redo() {
    guard let next = future.popLast() else { return }
    past.append(present)
    present = next
    gesture = nil
  }

  private mutating func apply(_ changed: SelectionSettings, title: String) {
    change(to: changed, pins: pins, title: title)
  }

  private mutating func change(
    to settings: SelectionSettings, pins: [String: SelectionSettings], title: String
  ) {
    gesture = nil
    guard settings != present.settings || pins != present.pins else { return }
    past.append(present)
    future = []
    present = SelectionChange(settings: settings, title: title, pins: pins)
  }

  // MARK: - Words

  private static func text(_ rule: SelectionRule) -> String {
    switch rule {
    case .ratio(let ratio): "ratio \(Number.fixed(ratio, 3))"
    case .threshold(let threshold): "d >= \(Number.fixed(Double(threshold), 3))"
    }
  }

  private static func text(_ settings: SelectionSettings) -> String {
    let others = settings.departures.count
    return text(settings.rule) + (others == 0 ? "" : " (+\(others))")
  }
}
