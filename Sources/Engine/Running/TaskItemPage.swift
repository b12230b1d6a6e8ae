import EngineInterface
import Evaluation

/// Puts items of a task into order and cuts a page out of them.
struct TaskItemPage {
  let task: ZeroShotTask
  let texts: [TaskItem]
  /// Nil for one model alone.
  let a: [ItemRecord]?
  let b: [ItemRecord]
  let query: TaskItemQuery

  private struct Place {
    var index: Int
    var outcome: TaskOutcome
    var margin: Double
  }

  /// Whether scores are read per character.
  private var isNormalized: Bool {
    query.reading != .acc && task.metrics.contains(.accNorm)
  }

  func rows() -> TaskItemRows {
    let count = min(texts.count, b.count, a?.count ?? .max)
    let places = (0..<count).map(place)
    var counts: [TaskOutcome: Int] = [:]
    for place in places { counts[place.outcome, default: 0] += 1 }
    var found = places.filter { query.outcome == nil || $0.outcome == query.outcome }
    switch query.order {
    case .margin: found.sort { ($0.margin, $1.index) > ($1.margin, $0.index) }
    case .against: found.sort { ($0.margin, $0.index) < ($1.margin, $1.index) }
    case .file: break
    }
    let page = found.dropFirst(max(0, query.offset)).prefix(max(0, query.count))
    return TaskItemRows(query: query, rows: page.map(row), total: found.count, counts: counts)
  }

  private func place(_ index: Int) -> Place {
    let right = isRight(b[index])
    let gain = margin(b[index], index)
    guard let a else {
      return Place(index: index, outcome: right ? .bothRight : .bothWrong, margin: gain)
    }
    let wasRight = isRight(a[index])
    let outcome: TaskOutcome =
      right ? (wasRight ? .bothRight : .win) : (wasRight ? .loss : .bothWrong)
    let difference = gain - margin(a[index], index)
    return Place(index: index, outcome: outcome, margin: difference.isNaN ? 0 : difference)
  }

  private func isRight(_ record: ItemRecord) -> Bool {
    (isNormalized ? record.decision.accNorm : record.decision.acc) == 1
  }

  /// By how much the right choice leads the best other one; of one choice, its log-probability.
  private func margin(_ record: ItemRecord, _ index: Int) -> Double {
    let values = record.scores.indices.map { value(record.scores[$0], index, choice: $0) }
    guard values.indices.contains(record.gold) else { return 0 }
    let others = values.indices.filter { $0 != record.gold }.map { values[$0] }
    let lead = values[record.gold] - (others.max() ?? 0)
    return lead.isNaN ? 0 : lead
  }

  private func value(_ score: ChoiceScore, _ index: Int, choice: Int) -> Double {
    guard isNormalized else { return score.logProbability }
    return perCharacter(score, index, choice: choice) ?? score.logProbability
  }

  private func perCharacter(_ score: ChoiceScore, _ index: Int, choice: Int) -> Double? {
    let choices = texts[index].choices
    guard choices.indices.contains(choice) else { return nil }
    let length = choices[choice].unicodeScalars.count
    return length > 0 ? score.logProbability / Double(length) : nil
  }

  private func row(_ place: Place) -> TaskItemRow {
    let (item, index) = (texts[place.index], place.index)
    func score(_ record: ItemRecord?, _ choice: Int) -> TaskItemRow.Score? {
      guard let record, record.scores.indices.contains(choice) else { return nil }
      let score = record.scores[choice]
      return .init(
        logProbability: score.logProbability,
        perCharacter: perCharacter(score, index, choice: choice), tokens: score.tokens)
    }
    func chosen(_ record: ItemRecord?) -> Int? {
      guard let decision = record?.decision else { return nil }
      let choice = isNormalized ? decision.predictedNorm ?? decision.predicted : decision.predicted
      return choice < 0 ? nil : choice
    }
    return TaskItemRow(
      index: item.index, outcome: place.outcome, margin: place.margin, question: item.question,
      choices: item.choices.indices.map { choice in
        .init(
          text: item.choices[choice], isGold: choice == item.gold, a: score(a?[index], choice),
          b: score(b[index], choice))
      },
      chosenA: chosen(a?[index]), chosenB: chosen(b[index]))
  }
}
