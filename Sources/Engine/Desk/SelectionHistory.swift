import DifferenceSampling
import EngineInterface
import Numerics
import Store

/// The selection with its history: every change can be taken back and done again.
struct SelectionHistory {
  private(set) var settings: SelectionSettings
  private(set) var pins: [String: Double] = [:]
  private var past: [SelectionChange] = []
  private var future: [SelectionChange] = []
  /// When the newest change was a move of the ratio: moves that follow at once are one change.
  private var lastMove: Double?
  private static let moveInterval = 1.0

  /// Everything that was done, oldest first, for the recipe.
  private(set) var recipe: [SelectionChange]

  init(ratio: Double) {
    settings = SelectionSettings(rule: .ratio(ratio))
    recipe = [
      SelectionChange(settings: settings, title: "ratio \(Number.fixed(ratio, 3))")
    ]
  }

  /// Goes on from a recipe; nil when it is empty.
  init?(recipe: [SelectionChange]) {
    guard let last = recipe.last else { return nil }
    settings = last.settings
    self.recipe = recipe
    past = recipe.dropLast()
    if past.count > 200 { past.removeFirst(past.count - 200) }
  }

  /// What `undo` and `redo` would do.
  var undoTitle: String? { past.isEmpty ? nil : recipe.last?.title }
  var redoTitle: String? { future.last?.title }

  /// Moves the rule; quick moves in a row become one change.
  mutating func move(to rule: SelectionRule, now: Double) {
    let title = "\(Self.text(settings.rule)) -> \(Self.text(rule))"
    var changed = settings
    changed.rule = rule
    if let lastMove, now - lastMove < Self.moveInterval, let before = past.last {
      settings = changed
      recipe[recipe.count - 1] = SelectionChange(
        settings: changed, title: "\(Self.text(before.settings.rule)) -> \(Self.text(rule))")
    } else {
      apply(changed, title: title)
    }
    lastMove = now
  }

  /// Turns a chunk over by hand, or takes that back.
  mutating func flip(chunk: Int, isKept: Bool) {
    var changed = settings
    if let index = changed.manual.firstIndex(where: { $0.chunk == chunk }) {
      changed.manual.remove(at: index)
      apply(changed, title: "chunk \(chunk) as scored")
    } else {
      changed.manual.append(ManualChoice(chunk: chunk, keep: !isKept))
      apply(changed, title: "\(isKept ? "drop" : "keep") chunk \(chunk) by hand")
    }
  }

  /// Sets or removes the floor of a source.
  mutating func setFloor(source: String, share: Double?) {
    var changed = settings
    changed.floors[source] = share
    apply(
      changed,
      title: share.map { "floor of \(source) \(Number.percent($0))" } ?? "no floor for \(source)")
  }

  /// Sets or removes the cap on the teacher's NLL.
  mutating func setTeacherCap(_ cap: Float?) {
    var changed = settings
    changed.teacherNLLCap = cap
    apply(
      changed,
      title: cap.map { "teacher NLL at most \(Number.fixed(Double($0), 3))" }
        ?? "no cap on the teacher's NLL")
  }

  /// Ranks chunks otherwise. A threshold, which is of differences, becomes the ratio that it keeps.
  mutating func setRanking(_ ranking: SelectionRanking, ratio: Double) {
    var changed = settings
    changed.ranking = ranking
    if !ranking.isMethod { changed.rule = .ratio(ratio) }
    apply(changed, title: "ranked by \(ranking.words)")
  }

  mutating func undo() {
    guard let before = past.popLast() else { return }
    if let last = recipe.last { future.append(last) }
    settings = before.settings
    recipe.removeLast()
    lastMove = nil
  }

  mutating func redo() {
    guard let next = future.popLast() else { return }
    past.append(SelectionChange(settings: settings, title: recipe.last?.title ?? ""))
    settings = next.settings
    recipe.append(next)
    lastMove = nil
  }

  mutating func pin(_ name: String, ratio: Double) { pins[name] = ratio }

  private mutating func apply(_ changed: SelectionSettings, title: String) {
    guard changed != settings else { return }
    past.append(SelectionChange(settings: settings, title: recipe.last?.title ?? ""))
    if past.count > 200 { past.removeFirst() }
    future.removeAll()
    settings = changed
    recipe.append(SelectionChange(settings: changed, title: title))
    lastMove = nil
  }

  private static func text(_ rule: SelectionRule) -> String {
    switch rule {
    case .ratio(let ratio): "ratio \(Number.fixed(ratio, 3))"
    case .threshold(let threshold): "d >= \(Number.fixed(Double(threshold), 3))"
    }
  }
}
