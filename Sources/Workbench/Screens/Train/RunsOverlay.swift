import EngineInterface
public import TerminalUI

extension Overlay {
  public static func runs(_ list: ListState) -> Overlay {
    .list(ListOverlayID(RunsOverlay.self), list)
  }
}

extension Action {
  static let runs = Action(
    "train.runs", [.character("T")], "the runs, forks under their parents", label: "runs",
    notNow: { $0.engine.training?.runs.isEmpty ?? true ? "No run yet." : nil },
    does: { reducer in
      reducer.state.overlay = .runs(ListState(selected: reducer.state.train.cursorRun))
    })
}

/// Runs as a tree: under each the forks that branch off it.
enum RunsOverlay: ListOverlay {
  static let hitKind = "run"
  static let toggle = Action.runs

  /// Places of runs in the order of the tree, with their depth.
  static func tree(_ runs: [RunSnapshot]) -> [(place: Int, depth: Int)] {
    var rows: [(place: Int, depth: Int)] = []
    func add(_ place: Int, _ depth: Int) {
      guard rows.count < runs.count else { return }
      rows.append((place, depth))
      for (child, run) in runs.enumerated() where run.fork?.parent == runs[place].name {
        add(child, depth + 1)
      }
    }
    let names = Set(runs.map(\.name))
    for (place, run) in runs.enumerated() where run.fork.map({ !names.contains($0.parent) }) ?? true
    {
      add(place, 0)
    }
    return rows
  }

  static func count(_ state: ViewState) -> Int {
    tree(state.engine.training?.runs ?? []).count
  }

  /// The cursor of the curves goes to the run.
  static func choose(_ row: Int, _ reducer: inout Reducer) {
    guard let place = tree(reducer.state.engine.training?.runs ?? [])[safe: row]?.place else {
      return
    }
    reducer.state.overlay = nil
    reducer.state.train.cursorRun = place
    reducer.pointAt(reducer.state.train.cursor ?? .max)
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let runs = state.engine.training?.runs ?? []
    let rows = tree(runs)
    let rect = canvas.bounds.centred(
      Size(width: min(90, state.size.width - 4), height: min(rows.count + 3, state.size.height - 2))
    )
    let area = canvas.box(rect, title: "Runs", footer: state.chooseHint, isFocused: true)
    canvas.inside(area) { view in
      view.draw(
        Table(
          columns: [
            TableColumn("run", width: .fill()), .number("step", width: 12),
            .number("held-out", width: 9), .number("from", width: 8), .number("dropped", width: 8),
          ],
          rowCount: rows.count, state: list, hitKind: hitKind
        ) { row in
          let run = runs[rows[row].place]
          let branch =
            rows[row].depth == 0
            ? ""
            : String(repeating: "  ", count: rows[row].depth - 1)
              + (state.display.glyphs == .ascii ? "`- " : "└─ ")
          return [
            StyledText(branch, .dim) + StyledText(run.name, .plot(rows[row].place)),
            StyledText("\(run.step)/\(run.steps)"),
            StyledText(run.heldOutLoss.map(RunFigures.loss) ?? "-"),
            StyledText(run.fork.map { "\($0.step)" } ?? "-", .dim),
            StyledText(run.fork.map { "\($0.dropped)" } ?? "-", .dim),
          ]
        }, in: view.bounds)
    }
  }
}
