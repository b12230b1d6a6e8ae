import Evaluation
import LanguageModels

/// A task's items as one model reads them.
struct EncodedTask {
  let task: ZeroShotTask
  let items: [TaskItem]
  /// The texts of every item, one a choice but for those of `unscored`.
  let groups: [[ScoredSequence]]
  /// Choices of which no token is left behind those of the context, by the item's place. The harness
  /// scores them as 0 where another request of one token has the same context: it looks both up in one
  /// pass, and its sum over nothing is certain. Elsewhere it ends with an assertion.
  let unscored: [Int: Set<Int>]
  let passes: TaskPasses

  /// - Throws: `TaskRequestError` for items that cannot be scored, `WorkStopped`.
  init(
    _ task: ZeroShotTask, _ items: [TaskItem], _ encoder: RequestEncoder,
    _ configuration: ModelConfiguration, passTokens: Int, model: String, _ work: Work
  ) throws {
    var groups: [[ScoredSequence]] = []
    groups.reserveCapacity(items.count)
    var faults: [(place: Int, choice: Int, fault: RequestFault)] = []
    for (place, item) in items.enumerated() {
      if place % 256 == 0 { try work.checkpoint() }
      var group: [ScoredSequence] = []
      for (choice, request) in item.requests.enumerated() {
        do throws(RequestFault) {
          group.append(try encoder.sequence(request))
        } catch {
          faults.append((place, choice, error))
        }
      }
      groups.append(group)
    }
    let unscored = Self.unscored(faults, groups)
    let left = faults.filter { unscored[$0.place]?.contains($0.choice) != true }
    if let first = left.first {
      throw TaskRequestError(
        task: task, model: model, id: items[first.place].id, choice: first.choice,
        found: first.fault.words, expected: first.fault.expected, count: left.count)
    }
    self.unscored = unscored
    try Self.requireTokens(below: configuration.vocabularySize, task, items, groups, model)
    self.task = task
    self.items = items
    self.groups = groups
    passes = TaskPasses(groups, passTokens: passTokens, sharing: configuration.sharesBeginnings)
  }

  /// Refuses the tokens of another model's tokenizer.
  private static func requireTokens(
    below size: Int, _ task: ZeroShotTask, _ items: [TaskItem], _ groups: [[ScoredSequence]],
    _ model: String
  ) throws(TaskRequestError) {
    var first: (id: String, choice: Int, token: Int32)?
    var count = 0
    for (item, group) in zip(items, groups) {
      for (choice, sequence) in group.enumerated() {
        guard let token = sequence.tokens.first(where: { $0 < 0 || Int($0) >= size }) else {
          continue
        }
        first = first ?? (item.id, choice, token)
        count += 1
      }
    }
    guard let first else { return }
    throw TaskRequestError(
      task: task, model: model, id: first.id, choice: first.choice, found: "token \(first.token)",
      expected: "ids below \(size), the model's vocabulary", count: count, isForeign: true)
  }

  private static func unscored(
    _ faults: [(place: Int, choice: Int, fault: RequestFault)], _ groups: [[ScoredSequence]]
  ) -> [Int: Set<Int>] {
    guard faults.contains(where: { $0.fault.context != nil }) else { return [:] }
    let contexts = Set(groups.joined().filter { $0.scored == 1 }.map { $0.tokens.dropLast() })
    var unscored: [Int: Set<Int>] = [:]
    for (place, choice, fault) in faults {
      if let context = fault.context, contexts.contains(context[...]) {
        unscored[place, default: []].insert(choice)
      }
    }
    return unscored
  }
}
