import Evaluation
public import LanguageModels
import Numerics
public import Store
public import TensorKit
import Tokenizers

/// Evaluates models on zero-shot tasks, item by item as lm-evaluation-harness does.
///
/// What the choices of an item begin with is computed once; items of like length share a pass.
public struct EvaluateTasks {
  private let models: [ModelFolder]
  private let tasks: [TaskFile]
  private let tokenizer: String?
  private let settings: Settings
  private let digests: FileDigests
  private let compute: Ops

  /// - Parameters:
  ///   - tokenizer: its folder, for all models; nil: that of each model.
  ///   - digests: for the record of a file of items, which names models and tasks.
  public init(
    _ models: [ModelFolder], on tasks: [TaskFile], tokenizer: String? = nil, settings: Settings,
    digests: FileDigests, compute: Ops
  ) {
    self.tokenizer = tokenizer
    self.models = models
    self.tasks = tasks
    self.settings = settings
    self.digests = digests
    self.compute = compute
  }

  /// Scores every item.
  ///
  /// - Parameters:
  ///   - output: file of JSON lines, one for every model and item; a run that was stopped or killed
  ///     goes on in it.
  ///   - onItems: the items of each pass as they are done.
  /// - Throws: `EvaluationError` for files that cannot be used, `TaskRequestError`, `ModelError`,
  ///   `TokenizerError`, `PipelineError`, `WorkStopped` with all whole passes written.
  public func run(
    items output: String? = nil, _ work: Work,
    onItems: ([TaskItemLine]) -> Void = { _ in }
  ) throws -> TasksResult {
    try settings.validate()
    try requireDifferent()
    for model in models {
      try work.examine(model, precision: settings.precision, for: .scoring, compute: compute)
    }
    let tokenizers = try tokenizers(work)
    guard let output else { return try run(tokenizers, nil, work, onItems) }
    let place = try OutputPath(file: output)
    try place.requireApart(from: tasks.map { ($0.path, "the items of \($0.task.title)") })
    return try work.holding([.output(place.path)]) {
      let file = try TaskItemsFile(place.path, identity: identity(tokenizers, work))
      if file.count > 0 { work.note("\(Number.grouped(file.count)) items are there already") }
      return try run(tokenizers, file, work, onItems)
    }
  }

  /// Two models of one name, or one task twice, could not be told apart.
  private func requireDifferent() throws(PipelineError) {
    if models.isEmpty || tasks.isEmpty {
      throw .setting(
        name: models.isEmpty ? "model" : "task", found: "none", expected: "at least one")
    }
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw .setting(name: "model", found: "\(name) twice", expected: "each model once")
    }
    for (index, task) in tasks.enumerated()
    where tasks[..<index].contains(where: { $0.task == task.task }) {
      throw .setting(
        name: "task", found: "\(task.task.rawValue) twice", expected: "each task once")
    }
  }

  /// Names of the models: those of their folders, or, where they are the same, their paths.
  private var names: [String] {
    let short = models.map(\.name)
    return Set(short).count == short.count ? short : models.map(\.path)
  }

  /// That of each model, every one of them read once.
  private func tokenizers(_ work: Work) throws -> [Tokenizer] {
    var known: [String: Tokenizer] = [:]
    return try models.map { model in
      let place = tokenizer ?? model.tokenizerFolder
      if let found = known[place] { return found }
      try work.checkpoint()
      let read = try Tokenizer.load(from: place)
      known[place] = read
      return read
    }
  }

  private func identity(
    _ tokenizers: [Tokenizer], _ work: Work
  ) throws -> TaskItemsFile.Identity {
    let identities = Identities(digests, work)
    return TaskItemsFile.Identity(
      models: try models.indices.map { index in
        TaskItemsFile.Identity.Model(
          name: names[index], weights: try identities.model(models[index]).digest,
          tokenizer: tokenizers[index].digest)
      },
      tasks: try tasks.map { file in
        let digest = try work.reading(file.path) { goesOn throws(StoreError) in
          try digests.sha256(of: file.path, goesOn: goesOn)
        }
        return TaskItemsFile.Identity.Task(name: file.task, digest: digest)
      },
      precision: settings.precision,
      compat: settings.version, limit: settings.limit, passTokens: settings.passTokens,
      addBosToken: settings.addsBeginning, maxLength: settings.longest)
  }

  private func run(
    _ tokenizers: [Tokenizer], _ file: TaskItemsFile?, _ work: Work,
    _ onItems: ([TaskItemLine]) -> Void
  ) throws -> TasksResult {
    // Everything is read before a model is: a wrong file of the last task is told at once.
    let items = try tasks.map { file in
      let read = try TaskItems.load(
        file.task, from: file.path, version: settings.version, limit: settings.limit)
      for note in read.notes { work.note(note) }
      return read.items
    }
    var rows: [OfModel<TaskResult>] = []
    var lines: [TaskItemLine] = []
    var records: [[[ItemRecord]]] = []
    for (index, (model, name)) in zip(models, names).enumerated() {
      let share = 1 / Double(models.count)
      let part = work.part(
        Double(index) * share...Double(index + 1) * share, models.count > 1 ? "\(name): " : "")
      let found = try ModelOnTasks(
        model, name: name, tokenizer: tokenizers[index], isOwn: tokenizer == nil,
        settings: settings, compute: compute
      ).run(zip(tasks, items).map { ($0.task, $1) }, file, part, onItems)
      records.append(found)
      for (task, records) in zip(tasks, found) {
        rows.append(
          OfModel(
            model: name,
            TaskResult(task.task, records: records, bootstrap: PerplexityBootstrap.usual)))
        lines += records.map { TaskItemLine(model: name, $0) }
      }
    }
    try file?.finish(lines)
    return TasksResult(
      tasks: rows,
      averages: names.compactMap { name in
        TaskAverage(rows.filter { $0.model == name }.map(\.value)).map {
          OfModel(model: name, $0)
        }
      },
      comparisons: try comparisons(records), version: settings.version,
      precision: settings.precision)
  }

  private func comparisons(_ records: [[[ItemRecord]]]) throws -> [OfModel<TasksResult.Comparison>]
  {
    guard let first = records.first else { return [] }
    return try zip(names, records).dropFirst().flatMap { name, other in
      try tasks.indices.map { task in
        OfModel(
          model: name,
          TasksResult.Comparison(
            baseline: names[0],
            comparison: try PairedComparison(
              tasks[task].task.minipLMMetric, first: first[task], second: other[task])))
      }
    }
  }
}
