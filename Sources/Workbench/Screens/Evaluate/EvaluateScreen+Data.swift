import EngineInterface
import TerminalUI

extension EvaluateScreen {
  static func dataName(of pane: Pane) -> String? {
    switch pane {
    case .tasks: "scores"
    case .taskItems: "items.rows"
    case .taskItem: "items.rows"
    default: "comparison.tasks"
    }
  }

  static func data(_ state: ViewState) -> DataRecord {
    guard let picture = state.engine.evaluation else { return [:] }
    return [
      "reading": state.evaluate.reading.rawValue,
      "models": picture.models.map { ["name": $0.name, "path": $0.path] as DataRecord },
      "tasks": picture.tasks.map { ["name": $0.name, "file": $0.file] as DataRecord },
      "scores": scores(picture), "means": means(picture, state.evaluate.reading),
      "comparison": picture.comparison.map { comparison($0, picture, state.evaluate.reading) },
      "limit": picture.conditions?.limit, "release": picture.conditions?.release,
      "precision": picture.conditions?.precision.rawValue, "notes": picture.notes,
      "items": items(state),
    ]
  }

  /// One record for each task and model.
  private static func scores(_ picture: EvaluationSnapshot) -> [DataRecord] {
    picture.tasks.indices.flatMap { task in
      picture.models.indices.map { model in
        let head: DataRecord = [
          "task": picture.tasks[task].name, "model": picture.models[model].name,
        ]
        return head + record(picture.cell(task, model) ?? .empty)
      }
    }
  }

  private static func record(_ cell: EvaluationSnapshot.Cell) -> DataRecord {
    switch cell {
    case .empty: ["state": "empty"]
    case .queued: ["state": "queued"]
    case .stopped(let done, let items): ["state": "stopped", "done": done, "items": items]
    case .failed(let why): ["state": "failed", "failure": why]
    case .running(let done, let items, let eta, let score):
      ["state": "running", "done": done, "items": items, "eta": eta] + record(score)
    case .done(let score): ["state": "done", "items": score.items] + record(score)
    }
  }

  private static func record(_ score: EvaluationSnapshot.Score?) -> DataRecord {
    [
      "acc": score?.acc.value, "acc_stderr": score?.acc.error,
      "acc_norm": score?.accNorm?.value, "acc_norm_stderr": score?.accNorm?.error,
    ]
  }

  private static func means(
    _ picture: EvaluationSnapshot, _ reading: TaskReading
  ) -> [DataRecord] {
    picture.models.indices.compactMap { model in
      picture.mean(model: model, reading).map { mean, tasks in
        [
          "model": picture.models[model].name, "mean": mean.value, "stderr": mean.error,
          "tasks": tasks,
        ]
      }
    }
  }

  private static func comparison(
    _ comparison: TaskComparison, _ picture: EvaluationSnapshot, _ reading: TaskReading
  ) -> DataRecord {
    let rows: [DataRecord] = picture.tasks.compactMap { task in
      comparison.rows[task.name]?.paired(reading).map { pair in
        [
          "task": task.name, "difference": pair.difference, "stderr": pair.error,
          "beyondChance": pair.isBeyondChance, "wins": pair.wins, "losses": pair.losses,
          "bothRight": pair.bothRight, "bothWrong": pair.bothWrong,
          "smallestEffect": pair.smallestEffect,
        ]
      }
    }
    return ["a": comparison.a, "b": comparison.b, "tasks": rows]
  }

  private static func items(_ state: ViewState) -> DataRecord? {
    guard let items = state.engine.taskItems else { return nil }
    let rows: [DataRecord] = items.rows.map { row in
      [
        "index": row.index, "outcome": row.outcome.rawValue, "margin": row.margin,
        "chosenA": row.chosenA, "chosenB": row.chosenB,
        "gold": row.choices.firstIndex(where: \.isGold), "question": row.question,
        "choices": row.choices.map(\.text),
      ]
    }
    return ["task": items.query.task, "total": items.total, "rows": rows]
  }
}
