import EngineInterface
import Numerics
import TerminalUI

/// The selection as the person has just asked for it.
public struct SelectOptions: ScreenSettings, Hashable {
  /// Sent to the engine, whose picture has not followed yet.
  public var requestedRatio: Double?
  /// Clock at the last request: an engine that answers with another ratio has the last word.
  public var requestedAt = 0.0
  /// What the person is at: a drag, or keys that follow one another. Moves of the ratio in it are one
  /// change; nil = the next one begins another.
  public var gesture: Int?
  /// Clock at the last move, and how many there were.
  public var movedAt = 0.0
  public var moves = 0
  /// The next key of a pin sets it instead of going to it.
  public var isPinning = false
  /// Whether the selected row still stays at the border by itself.
  public var followsBorder = true

  public init() {}
}

extension ViewState {
  public var select: SelectOptions {
    get { settings[SelectOptions.self] }
    set { settings[SelectOptions.self] = newValue }
  }

  /// The ratio as the person asked for it, else as the engine has it.
  public var ratio: Double? {
    select.requestedRatio ?? engine.selection?.ratio ?? engine.scoring?.ratio
  }

  /// By what chunks are ranked.
  var ranking: ChunkRanking { engine.selection?.ranking ?? .difference }

  /// The difference above which chunks are kept at `ratio`, read off the histogram until the engine
  /// answers; nil where they are ranked by something else.
  public var threshold: Double? {
    guard ranking.isMethod else { return nil }
    if let requested = select.requestedRatio {
      return engine.selection?.histogram.threshold(keeping: requested)
        ?? engine.scoring?.histogram.threshold(keeping: requested)
    }
    return engine.selection?.threshold ?? engine.scoring?.threshold
  }
}

/// How much is kept.
extension Action {
  static let ratioDown = ratio("ratio.down", "[", "ratio down by 0.01", -0.01, label: "ratio")
  static let ratioUp = ratio("ratio.up", "]", "ratio up by 0.01", 0.01)
  static let ratioDownFine = ratio(
    "ratio.downFine", "{", "ratio down by 0.001", -0.001, label: "fine")
  static let ratioUpFine = ratio("ratio.upFine", "}", "ratio up by 0.001", 0.001)

  static let ratioType = Action(
    "ratio.type", [.character("=")], "type a ratio or a threshold", label: "type",
    notNow: withoutRatio,
    does: { reducer in
      reducer.state.prompt = Prompt("ratio (0.45, 45%) or threshold (d0.6): ") { answer, reducer in
        let text = answer.compact
        if let threshold = RatioText.threshold(text) {
          guard reducer.state.ranking.isMethod else {
            return "a ratio: ranked by \(reducer.state.ranking.words)"
          }
          reducer.setThreshold(threshold)
          return nil
        }
        guard let share = RatioText.share(text) else { return "0...1, 45%, or d0.6" }
        reducer.setRatio(share)
        return nil
      }
    })

  private static func ratio(
    _ id: String, _ key: Character, _ title: String, _ step: Double, label: String? = nil
  ) -> Action {
    Action(
      id, [.character(key)], title, label: label, notNow: withoutRatio,
      does: { $0.moveRatio(by: step) })
  }

  static let withoutRatio: @Sendable (ViewState) -> String? = { state in
    state.ratio == nil ? noScores : nil
  }

  static let withoutSelection: @Sendable (ViewState) -> String? = { state in
    state.engine.selection == nil ? noScores : nil
  }

  private static let noScores = "No scores yet: this needs the Score stage."
}

extension Reducer {
  mutating func moveRatio(by step: Double) {
    guard let ratio = state.ratio else { return }
    // Keys that follow one another at once are one change; whoever pauses has seen what they did.
    if state.clock - state.select.movedAt > Self.burstPause { endGesture() }
    // Steps land on round numbers even after a drag.
    moveRatio(to: ((ratio + step) * 1000).rounded() / 1000)
  }

  /// Seconds between two keys of a burst.
  private static let burstPause = 1.0

  /// The next move of the ratio begins another change.
  mutating func endGesture() { state.select.gesture = nil }

  /// Does what a key or the wheel says; if that was no move of the ratio, a burst of moves is over.
  mutating func handleInBurst(_ work: (inout Reducer) -> Void) {
    let moves = state.select.moves
    work(&self)
    if state.select.moves == moves { endGesture() }
  }

  /// Moves the ratio as a part of what the person is at.
  mutating func moveRatio(to ratio: Double) {
    let ratio = min(1, max(0, ratio))
    guard state.ratio != nil, ratio != state.ratio else { return }
    // By the clock, so that two screens hardly ever share a number.
    let gesture = state.select.gesture ?? max(state.select.moves, Int(state.clock * 1000)) + 1
    state.select.gesture = gesture
    state.select.movedAt = state.clock
    state.select.moves = max(state.select.moves, gesture) + 1
    request(ratio)
    send(.moveRatio(ratio, gesture: gesture))
  }

  /// Asks the engine for a ratio, a change of its own; the screen shows it at once.
  mutating func setRatio(_ ratio: Double) {
    let ratio = min(1, max(0, ratio))
    guard state.ratio != nil, ratio != state.ratio else { return }
    request(ratio)
    send(.setRatio(ratio))
  }

  mutating func setThreshold(_ threshold: Double) {
    request(state.engine.selection?.histogram.share(atLeast: threshold))
    send(.setThreshold(threshold))
  }

  /// What is shown until the engine answers; nil = its next picture.
  mutating func request(_ ratio: Double?) {
    state.select.requestedRatio = ratio
    state.select.requestedAt = state.clock
  }
}

/// Reads ratios and thresholds as people type them.
enum RatioText {
  /// "0.45", ".45", "45%" -> 0.45; nil outside 0...1.
  static func share(_ text: String) -> Double? {
    let isPercent = text.hasSuffix("%")
    guard let number = Double(isPercent ? String(text.dropLast()) : text), number.isFinite else {
      return nil
    }
    let share = isPercent ? number / 100 : number
    return (0...1).contains(share) ? share : nil
  }

  /// "d0.6", "d>=0.6", ">0.6" -> 0.6; nil when it does not begin so.
  static func threshold(_ text: String) -> Double? {
    let rest = text.drop { "d>=".contains($0) }
    guard rest.count < text.count, let number = Double(rest), number.isFinite else { return nil }
    return number
  }
}
