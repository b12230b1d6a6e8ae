import EngineInterface

/// Questions of several screens, one after the other: the engine answers only the newest question of a
/// kind, so that two who ask at once would take the answers from each other.
struct QuestionTurns {
  typealias Screen = Int

  private struct Turn {
    var screen: Screen
    var command: EngineCommand
    /// After which the next one is asked, answered or not.
    var deadline: Double
  }

  private var asked: [LinkQuestion: Turn] = [:]
  private var waiting: [LinkQuestion: [(screen: Screen, command: EngineCommand)]] = [:]
  /// Seconds that an answer is waited for.
  private static let patience = 2.0

  /// Takes a question; true where it is to be put to the engine now. A newer one of the same screen
  /// goes in place of an older one.
  mutating func ask(
    _ question: LinkQuestion, _ command: EngineCommand, of screen: Screen, at now: Double
  ) -> Bool {
    waiting[question]?.removeAll { $0.screen == screen }
    if let turn = asked[question], turn.screen != screen, now < turn.deadline {
      waiting[question, default: []].append((screen, command))
      return false
    }
    asked[question] = Turn(screen: screen, command: command, deadline: now + Self.patience)
    return true
  }

  /// Takes an answer.
  mutating func take(_ event: EngineEvent, to question: LinkQuestion) {
    if let turn = asked[question], event.answers(turn.command) { asked[question] = nil }
  }

  /// Forgets a screen.
  mutating func forget(_ screen: Screen) {
    for question in LinkQuestion.allCases {
      waiting[question]?.removeAll { $0.screen == screen }
      if asked[question]?.screen == screen { asked[question] = nil }
    }
  }

  /// Questions whose turn has come.
  mutating func due(at now: Double) -> [EngineCommand] {
    LinkQuestion.allCases.compactMap { question in
      guard let next = waiting[question]?.first else { return nil }
      if let turn = asked[question], now < turn.deadline { return nil }
      waiting[question]?.removeFirst()
      asked[question] = Turn(
        screen: next.screen, command: next.command, deadline: now + Self.patience)
      return next.command
    }
  }

  /// Seconds until one may be due; nil while none waits.
  func wait(at now: Double) -> Double? {
    LinkQuestion.allCases.compactMap { question in
      guard waiting[question]?.isEmpty == false else { return nil }
      return asked[question].map { max(0, $0.deadline - now) } ?? 0
    }.min()
  }
}
