import Evaluation
import LanguageModels
import Numerics
import TensorKit
import Tokenizers

/// One model on all tasks.
struct ModelOnTasks {
  private let model: ModelFolder
  private let name: String
  private let tokenizer: Tokenizer
  /// Whether that is the model's own.
  private let isOwn: Bool
  private let settings: EvaluateTasks.Settings
  private let compute: Ops

  init(
    _ model: ModelFolder, name: String, tokenizer: Tokenizer, isOwn: Bool,
    settings: EvaluateTasks.Settings, compute: Ops
  ) {
    self.tokenizer = tokenizer
    self.isOwn = isOwn
    self.model = model
    self.name = name
    self.settings = settings
    self.compute = compute
  }

  /// The records of every task, in the order of its items.
  func run(
    _ tasks: [(task: ZeroShotTask, items: [TaskItem])], _ file: TaskItemsFile?, _ work: Work,
    _ onItems: ([TaskItemLine]) -> Void
  ) throws -> [[ItemRecord]] {
    let configuration = try model.configuration()
    let encoder = RequestEncoder(
      tokenizer, configuration, version: settings.version, addsBeginning: settings.addsBeginning,
      longest: settings.longest)
    work.report(WorkProgress(nil, detail: "encoding the items for \(name)"))
    if isOwn { work.noteTokenizer(of: model, loaded: tokenizer) }
    let encoded = try tasks.map { task, items in
      try EncodedTask(
        task, items, encoder, configuration, passTokens: settings.passTokens, model: name, work)
    }
    let plan = try plan(configuration, encoded)
    let text = MemoryText.plan(of: plan.memory, settings.precision, branches: plan.branches)
    work.note("evaluating \(name) in \(text)")
    var found: [[ItemRecord?]] = encoded.map { task in
      task.items.map { file?.line(name, task.task, $0.index)?.record }
    }
    let missing = found.indices.contains { found[$0].contains { $0 == nil } }
    if missing {
      try work.checkpoint()
      let loaded = try model.load(
        precision: settings.precision, purpose: .scoring, compute: compute, work)
      let workspace = try Workspace(
        for: loaded, maximumTokens: plan.tokens, maximumSequences: plan.sequences,
        purpose: .scoring)
      var progress = TasksProgress(encoded, found, work)
      for (index, task) in encoded.enumerated() {
        for pass in task.passes.passes where pass.contains(where: { found[index][$0] == nil }) {
          try work.checkpoint()
          let records = try score(task, pass, loaded, workspace)
          let lines = records.map { TaskItemLine(model: name, $0) }
          try file?.append(lines)
          for (item, record) in zip(pass, records) { found[index][item] = record }
          onItems(lines)
          progress.advance(task, pass)
        }
      }
    }
    return found.map { $0.compactMap { $0 } }
  }

  private func score(
    _ task: EncodedTask, _ pass: [Int], _ model: any CausalLanguageModel, _ workspace: Workspace
  ) throws -> [ItemRecord] {
    let groups = pass.map { task.groups[$0] }
    let scores = try model.scores(
      BranchedBatch(groups, sharing: model.configuration.sharesBeginnings), workspace: workspace)
    return try zip(pass, zip(groups, scores)).map { item, results in
      var choices = zip(results.0, results.1).map { sequence, score in
        ChoiceScore(
          logProbability: score.logProbability, isGreedy: score.isGreedy, tokens: sequence.scored)
      }
      for choice in (task.unscored[item] ?? []).sorted() {
        choices.insert(ChoiceScore(logProbability: 0, isGreedy: true, tokens: 0), at: choice)
      }
      return try ItemRecord(task.task, task.items[item], scores: choices)
    }
  }

  /// The memory of the largest pass of all tasks.
  private func plan(
    _ configuration: ModelConfiguration, _ tasks: [EncodedTask]
  ) throws -> (memory: MemoryPlan, branches: Int, tokens: Int, sequences: Int) {
    let tokens = max(1, tasks.map(\.passes.mostTokens).max() ?? 1)
    let sequences = max(1, tasks.map(\.passes.mostSequences).max() ?? 1)
    let longest = tasks.map(\.passes.longest).max() ?? 1
    let branches = MemoryPlan.branchBytes(
      configuration, maximumTokens: tokens, maximumSequences: sequences, longest: longest,
      compute: compute)
    let memory = try MemoryPlan.check(
      configuration: configuration, maximumTokens: tokens, maximumSequences: sequences,
      precision: settings.precision, purpose: .scoring, compute: compute,
      limitBytes: SystemMemory.available() - branches)
    return (memory, branches, tokens, sequences)
  }
}

/// How far a model is, by the positions of its passes.
private struct TasksProgress {
  private let work: Work
  private let total: Int
  private var done: Int
  private let items: Int
  private var itemsDone: Int
  /// Items of this process.
  private var itemsNow = 0
  private var pace = Pace()

  init(_ tasks: [EncodedTask], _ found: [[ItemRecord?]], _ work: Work) {
    self.work = work
    total = tasks.reduce(0) { $0 + $1.passes.total }
    items = tasks.reduce(0) { $0 + $1.items.count }
    itemsDone = found.reduce(0) { $0 + $1.count { $0 != nil } }
    done = zip(tasks, found).reduce(0) { sum, task in
      sum
        + task.1.indices.reduce(0) {
          $0 + (task.1[$1] == nil ? 0 : task.0.passes.positions[$1])
        }
    }
    _ = pace.secondsLeft(at: Double(done) / Double(max(1, total)))
  }

  mutating func advance(_ task: EncodedTask, _ pass: [Int]) {
    done = min(total, done + pass.reduce(0) { $0 + task.passes.positions[$1] })
    itemsDone = min(items, itemsDone + pass.count)
    itemsNow += pass.count
    let fraction = Double(done) / Double(max(1, total))
    let speed = Double(itemsNow) / max(0.001, pace.seconds)
    work.report(
      WorkProgress(
        fraction, secondsLeft: pace.secondsLeft(at: fraction),
        detail: "\(task.task.title), \(Number.grouped(itemsDone)) of \(Number.grouped(items)) "
          + "items, \(Number.fixed(speed, 1)) items/s"))
  }
}
