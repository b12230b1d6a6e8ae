import Evaluation
import LanguageModels

/// A task's items as one model reads them.
struct EncodedTask {
  let task: ZeroShotTask
  let items: [TaskItem]
  /// The texts of every item, one a choice.
  let groups: [[ScoredSequence]]
  let passes: TaskPasses

  /// - Throws: `TaskRequestError` for items that cannot be scored, `ModelError.tokenOutOfRange`,
  ///   `WorkStopped`.
  init(
    _ task: ZeroShotTask, _ items: [TaskItem], _ encoder: RequestEncoder,
    _ configuration: ModelConfiguration, passTokens: Int, model: String, _ work: Work
  ) throws {
    var groups: [[ScoredSequence]] = []
    groups.reserveCapacity(items.count)
    var faulty: (count: Int, first: (item: TaskItem, choice: Int, fault: RequestFault)?) = (0, nil)
    for item in items {
      if groups.count % 256 == 0 { try work.checkpoint() }
      var group: [ScoredSequence] = []
      for (choice, request) in item.requests.enumerated() {
        do throws(RequestFault) {
          group.append(try encoder.sequence(request))
        } catch {
          faulty.count += 1
          if faulty.first == nil { faulty.first = (item, choice, error) }
        }
      }
      groups.append(group)
    }
    if let (item, choice, fault) = faulty.first {
      throw TaskRequestError(
        task: task, model: model, id: item.id, choice: choice, found: fault.words,
        count: faulty.count)
    }
    for (item, group) in zip(items, groups) {
      for sequence in group {
        if let token = sequence.tokens.first(where: {
          $0 < 0 || Int($0) >= configuration.vocabularySize
        }) {
          throw ModelError.tokenOutOfRange(
            chunk: item.index, token: Int(token), vocabularySize: configuration.vocabularySize)
        }
      }
    }
    self.task = task
    self.items = items
    self.groups = groups
    passes = TaskPasses(groups, passTokens: passTokens, sharing: configuration.sharesBeginnings)
  }
}
