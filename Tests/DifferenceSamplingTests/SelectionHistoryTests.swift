import DifferenceSampling
import Numerics
import Store
import Testing

/// A change is what a person does in one go; all of it comes back by undo, and again by redo.
@Suite struct SelectionHistoryTests {
  @Test func movesOfOneGestureAreOneChange() {
    var history = SelectionHistory(ratio: 0.5)
    for step in 1...20 { history.move(to: .ratio(0.5 + Double(step) / 100), gesture: 1) }
    #expect(history.undoTitle == "ratio 0.500 -> ratio 0.700")
    history.move(to: .ratio(0.72), gesture: 2)
    #expect(history.recipe.count == 3)
    history.undo()
    #expect(history.settings.rule == .ratio(0.7))
    history.undo()
    #expect(history.settings.rule == .ratio(0.5))
    #expect(history.undoTitle == nil)
    history.redo()
    history.redo()
    #expect(history.settings.rule == .ratio(0.72))
    #expect(history.redoTitle == nil)
  }

  @Test func typedValuesAreOneChangeEach() {
    var history = SelectionHistory(ratio: 0.5)
    history.move(to: .ratio(0.3))
    history.move(to: .ratio(0.4))
    history.move(to: .threshold(0.25))
    #expect(
      history.recipe.map(\.title).dropFirst() == [
        "ratio 0.500 -> ratio 0.300", "ratio 0.300 -> ratio 0.400", "ratio 0.400 -> d >= 0.250",
      ])
    // What changes nothing is no change.
    history.move(to: .threshold(0.25))
    history.setTeacherCap(nil)
    #expect(history.recipe.count == 4)
  }

  @Test func anythingElseEndsAGesture() {
    var history = SelectionHistory(ratio: 0.5)
    history.move(to: .ratio(0.3), gesture: 1)
    history.pin("A", ratio: 0.3)
    history.move(to: .ratio(0.2), gesture: 1)
    #expect(history.recipe.count == 4)
    history.undo()
    #expect(history.settings.rule == .ratio(0.3))
    #expect(history.pins["A"]?.rule == .ratio(0.3))
    history.undo()
    #expect(history.pins.isEmpty)
    history.redo()
    #expect(history.pins["A"] != nil)
  }

  /// A pin after a typed ratio takes nothing with it.
  @Test func aPinLosesNoRatio() {
    var history = SelectionHistory(ratio: 0.5)
    history.move(to: .ratio(0.35))
    history.pin("A", ratio: 0.35)
    history.undo()
    #expect(history.settings.rule == .ratio(0.35))
    history.undo()
    #expect(history.settings.rule == .ratio(0.5))
  }

  @Test func aGestureThatComesBackIsNoChange() {
    var history = SelectionHistory(ratio: 0.5)
    history.move(to: .ratio(0.4), gesture: 1)
    history.move(to: .ratio(0.5), gesture: 1)
    #expect(history.undoTitle == nil)
    history.move(to: .ratio(0.6), gesture: 1)
    #expect(history.undoTitle == "ratio 0.500 -> ratio 0.600")
  }

  @Test func aPinBringsAllBack() {
    var history = SelectionHistory(ratio: 0.5)
    history.setFloor(source: "law", share: 0.6)
    history.flip(chunk: 7, isKept: true)
    history.pin("A", ratio: 0.5)
    let pinned = history.settings
    history.setFloor(source: "law", share: nil)
    history.flip(chunk: 7, isKept: false)
    history.move(to: .ratio(0.1))
    let unpinned = history.settings
    let isRecalled = history.recall("A")
    #expect(isRecalled)
    #expect(history.settings == pinned)
    history.undo()
    #expect(history.settings == unpinned)
    let isOther = history.recall("B")
    #expect(!isOther)
  }

  /// Random changes: undo as often as there were changes leads to the beginning through every state,
  /// redo to the end; what stands on disk replays to the same.
  @Test(arguments: 0..<20) func everythingComesBack(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    var history = SelectionHistory(ratio: 0.5)
    for _ in 0..<40 { Self.change(&history, &random) }
    let recipe = history.recipe
    var states = [recipe.last]
    while history.undoTitle != nil {
      history.undo()
      states.append(history.recipe.last)
    }
    #expect(states.count == recipe.count)
    #expect(states.reversed().map { $0?.settings } == recipe.map(\.settings))
    #expect(history.settings == SelectionSettings(rule: .ratio(0.5)) && history.pins.isEmpty)
    while history.redoTitle != nil { history.redo() }
    #expect(history.recipe == recipe)
    let lines = try recipe.map { try JSONFile.text(of: $0, pretty: false) }
    let folder = try TemporaryFolder()
    try AtomicFile.write(
      text: lines.joined(separator: "\n") + "\n", to: folder.path + "/recipe.jsonl")
    let read = try JSONLinesLog.read(SelectionChange.self, from: folder.path + "/recipe.jsonl")
    #expect(read == recipe)
    var replayed = try #require(SelectionHistory(recipe: read))
    #expect(replayed.settings == history.settings && replayed.pins == history.pins)
    while replayed.undoTitle != nil { replayed.undo() }
    #expect(replayed.settings == SelectionSettings(rule: .ratio(0.5)))
  }

  private static func change(_ history: inout SelectionHistory, _ random: inout RandomSource) {
    let share = Double(random.index(below: 100)) / 100
    switch random.index(below: 8) {
    case 0: history.move(to: .ratio(share))
    case 1, 2: history.move(to: .ratio(share), gesture: random.index(below: 3))
    case 3: history.setFloor(source: "law", share: share < 0.3 ? nil : share)
    case 4: history.setTeacherCap(share < 0.3 ? nil : Float(share))
    case 5: history.flip(chunk: random.index(below: 5), isKept: share < 0.5)
    case 6: history.pin(share < 0.5 ? "A" : "B", ratio: share)
    default: _ = history.recall(share < 0.5 ? "A" : "B")
    }
  }
}
