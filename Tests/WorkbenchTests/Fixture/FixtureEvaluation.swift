import EngineInterface

/// Tasks by models, at several moments of an evaluation.
struct FixtureEvaluation {
  static let tasks: [EvaluationSnapshot.Task] = [
    task("hellaswag", "HellaSwag", "HS"),
    task("lambada_openai", "LAMBADA", "LAM", hasNormalized: false),
    task("winogrande", "WinoGrande", "Wino", hasNormalized: false),
    task("openbookqa", "OpenBookQA", "OBQA"), task("arc_easy", "ARC-easy", "ARC-e"),
    task("arc_challenge", "ARC-chall.", "ARC-c"), task("piqa", "PIQA", "PIQA"),
    task("social_iqa", "SIQA", "SIQA", hasNormalized: false),
    task("storycloze_2018", "StoryCloze", "Story", hasNormalized: false),
  ]
  static let items = [10_042, 5_153, 1_267, 500, 2_376, 1_172, 1_838, 1_954, 1_571]
  static let models: [EvaluationSnapshot.Model] = [
    .init(path: "/home/ann/demo/models/teacher", name: "teacher"),
    .init(path: "/home/ann/demo/models/reference", name: "reference"),
    .init(path: "/home/ann/demo/models/0001-A", name: "student A"),
    .init(path: "/home/ann/demo/models/0001-B", name: "student B"),
  ]

  private static func task(
    _ name: String, _ title: String, _ short: String, hasNormalized: Bool = true
  ) -> EvaluationSnapshot.Task {
    .init(
      name: name, title: title, short: short, file: "/home/ann/tasks/\(name).jsonl.gz",
      hasNormalized: hasNormalized)
  }

  /// Every cell is done.
  static func score(_ task: Int, _ model: Int) -> EvaluationSnapshot.Score {
    let base = [0.312, 0.324, 0.499, 0.276, 0.389, 0.231, 0.618, 0.364, 0.581][task]
    let gain = [0.12, -0.03, 0.0, 0.014][model]
    let error = (base * (1 - base) / Double(items[task])).squareRoot()
    let measure = EvaluationSnapshot.Measure(base + gain, error: error)
    return .init(
      acc: .init(base + gain - (tasks[task].hasNormalized ? 0.02 : 0), error: error),
      accNorm: tasks[task].hasNormalized ? measure : nil, items: items[task])
  }

  static func paired(_ task: Int) -> TaskComparison.Paired {
    let (wins, losses) = (items[task] / 13, items[task] / 16)
    let difference = Double(wins - losses) / Double(items[task])
    let error = Double(wins + losses).squareRoot() / Double(items[task])
    return .init(
      difference: difference, error: error, isBeyondChance: difference > 1.96 * error, wins: wins,
      losses: losses, bothRight: items[task] / 4, bothWrong: items[task] / 2,
      smallestEffect: 2.8 * error)
  }

  static var done: EvaluationSnapshot {
    let rows = tasks.indices.map { index in
      let pair = paired(index)
      return (
        tasks[index].name,
        TaskComparison.Row(acc: pair, accNorm: tasks[index].hasNormalized ? pair : nil)
      )
    }
    return EvaluationSnapshot(
      tasks: tasks, models: models,
      cells: tasks.indices.map { task in
        models.indices.map { .done(score(task, $0)) }
      },
      comparison: TaskComparison(
        a: models[2].path, b: models[3].path, rows: Dictionary(uniqueKeysWithValues: rows)),
      candidates: models.map {
        TaskCandidate(path: $0.path, name: $0.name, place: "this project", isChosen: true)
      } + [
        TaskCandidate(
          path: "/home/ann/.cache/huggingface/hub/models--HuggingFaceTB--SmolLM2-135M/snapshots/93",
          name: "HuggingFaceTB/SmolLM2-135M", place: "hub cache", isChosen: false),
        TaskCandidate(
          path: "/home/ann/.ollama/models/blobs/sha256-735af2139dc6", name: "gemma3:270m",
          place: "Ollama", isChosen: false, obstacle: "model_type \"gemma3\" is not supported"),
      ],
      published: published,
      notes: ["prompts of lm-evaluation-harness 0.4.13, zero-shot, bf16"],
      conditions: conditions())
  }

  /// As they are, but for one that was changed; int8 cannot be chosen.
  static func conditions(_ changed: TaskCondition? = nil) -> TaskConditions {
    var (limit, release, precision) = (Int?.none, "0.4.13", NumberFormat?.none)
    switch changed {
    case .limit(let value)?: limit = value
    case .release(let name)?: release = name
    case .precision(let format)?: precision = format
    case nil: break
    }
    let choices: [TaskCondition] = [
      .limit(limit), .release("0.4.13"), .release("0.4.9"), .precision(nil), .precision(.f32),
      .precision(.bf16), .precision(.int8),
    ]
    return TaskConditions(
      limit: limit, release: release, precision: precision ?? .bf16, scoring: .bf16,
      options: choices.map { choice in
        .init(
          choice: choice,
          isInForce: [.limit(limit), .release(release), .precision(precision)].contains(choice),
          obstacle: choice == .precision(.int8) ? "Not while the job runs: stop it first." : nil)
      })
  }

  static var published: [PublishedTasks] {
    let figures: [(String, String, [Double], Double)] = [
      ("no KD", "200M", [31.1, 32.4, 49.9, 27.6, 38.9, 23.1, 61.8, 36.4, 58.1], 39.9),
      ("MiniPLM", "200M", [32.7, 35.4, 51.4, 27.2, 40.6, 23.7, 63.3, 37.0, 60.0], 41.3),
      ("MiniPLM", "500M", [39.0, 42.6, 52.2, 30.2, 45.8, 24.9, 67.0, 39.0, 62.2], 44.8),
    ]
    return figures.map { method, size, values, mean in
      PublishedTasks(
        method: method, size: size,
        values: Dictionary(
          uniqueKeysWithValues: zip(tasks.map(\.name), values.map { $0 / 100 })),
        mean: mean / 100)
    }
  }

  /// Student B is at work on its second task; one cell failed.
  static var running: EvaluationSnapshot {
    var picture = done
    for task in 1..<tasks.count { picture.cells[task][3] = .queued }
    picture.cells[1][3] = .running(
      done: 1_752, items: 5_153, eta: 65, .init(acc: .init(0.331, error: 0.011), items: 1_752))
    picture.cells[8] = [
      .empty, .empty, .failed("storycloze_2018.jsonl.gz, line 3: no field \"sentence_quiz2\"."),
      .queued,
    ]
    let rows = done.comparison?.rows.filter { $0.key == "hellaswag" }
    picture.comparison?.rows = rows ?? [:]
    return picture
  }

  static var stopped: EvaluationSnapshot {
    var picture = running
    picture.cells[1][3] = .stopped(done: 1_752, items: 5_153)
    for task in 2..<tasks.count { picture.cells[task][3] = .empty }
    return picture
  }

  static var empty: EvaluationSnapshot {
    var picture = EvaluationSnapshot(tasks: tasks, models: models, cells: [])
    for task in picture.tasks.indices { picture.tasks[task].file = nil }
    picture.candidates = done.candidates
    return picture
  }

  /// Items of a task, as the engine would answer.
  static func rows(_ query: TaskItemQuery) -> TaskItemRows {
    let all = (0..<240).map { item($0, isPair: query.a != nil) }
    let counts = Dictionary(grouping: all, by: \.outcome).mapValues(\.count)
    var found = all.filter { query.outcome == nil || $0.outcome == query.outcome }
    switch query.order {
    case .margin: found.sort { ($0.margin, -$0.index) > ($1.margin, -$1.index) }
    case .against: found.sort { ($0.margin, $0.index) < ($1.margin, $1.index) }
    case .file: break
    }
    return TaskItemRows(
      query: query, rows: Array(found.dropFirst(query.offset).prefix(query.count)),
      total: found.count, counts: counts)
  }

  private static func item(_ index: Int, isPair: Bool) -> TaskItemRow {
    let gold = index % 4
    let chosenB = index % 3 == 0 ? gold : (gold + 1) % 4
    let chosenA = index % 5 == 0 ? gold : (gold + 2) % 4
    let endings = [
      "stands at the edge of the pool and waits for the whistle.",
      "puts the brush down and looks at the wall that she has painted, then takes another colour.",
      "is shown how the knife is held, and cuts the onion into thin rings.",
      "runs away from the camera.",
    ]
    func score(_ choice: Int, _ chosen: Int, _ level: Double) -> TaskItemRow.Score {
      let value = -level - 4 * Double(choice) - (choice == chosen ? 0 : 12) - Double(index % 7)
      return .init(
        logProbability: value, perCharacter: value / Double(endings[choice].count),
        tokens: 9 + choice)
    }
    let (rightA, rightB) = (chosenA == gold, chosenB == gold)
    let outcome: TaskOutcome =
      isPair
      ? (rightB ? (rightA ? .bothRight : .win) : (rightA ? .loss : .bothWrong))
      : rightB ? .bothRight : .bothWrong
    return TaskItemRow(
      index: index, outcome: outcome,
      margin: (rightB ? 0.31 : -0.22) - (rightA ? 0.17 : 0) + Double(index % 11) / 100,
      question: "Home and Garden: How to paint a wall, item \(index). First a woman in a blue coat",
      choices: endings.indices.map {
        .init(
          text: endings[$0], isGold: $0 == gold, a: isPair ? score($0, chosenA, 31) : nil,
          b: score($0, chosenB, 28))
      },
      chosenA: isPair ? chosenA : nil, chosenB: chosenB)
  }
}
