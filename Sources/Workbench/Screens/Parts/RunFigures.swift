import EngineInterface
import Numerics
import TerminalUI

/// The figures of training runs in columns, or in one line each.
enum RunFigures {
  /// Rows of figures, names left, one column a run.
  static func rows(_ runs: [RunSnapshot]) -> [(name: String, values: [String])] {
    func row(_ name: String, _ value: (RunSnapshot) -> String) -> (name: String, values: [String]) {
      (name, runs.map(value))
    }
    // Of students with a teacher both parts of the loss, and how much each pulls.
    let parts =
      runs.contains { $0.distillation != nil }
      ? [
        row("  LM") { $0.distillation.map { loss($0.lmLoss) } ?? "-" },
        row("  KL") { $0.distillation.map { loss($0.kdLoss) } ?? "-" },
        row("  KL grad") {
          $0.distillation?.gradientShare.map { "\(Number.fixed($0 * 100, 0))%" } ?? "-"
        },
      ] : []
    return [
      row("step") { "\($0.step)/\($0.steps)" },
      row("train loss") { loss($0.loss) },
      row("  average") { loss($0.averageLoss) },
    ] + parts + [
      row("  z-score") { Number.signed($0.lossZScore, 1) },
      row("held-out") { $0.heldOutLoss.map(loss) ?? "-" },
      row("  ppl") { $0.heldOutLoss.map { perplexity($0) } ?? "-" },
      row("lr") { rate($0.learningRate) },
      row("grad norm") { Number.fixed($0.gradientNorm, 2) },
      row("  clipped") { "\(Number.fixed($0.clippedShare * 100, 0))%" },
      row("tok/s") { Number.grouped(Int(clamped($0.tokensPerSecond))) },
      row("step ms") { Number.fixed($0.stepTime, 0) },
      row("tokens") { Number.short(Double($0.tokens)) },
      row("epoch") { Number.fixed($0.epoch, 2) },
      row("memory") { $0.memory > 0 ? RowText.bytes($0.memory) : "-" },
      row("ckpt") { $0.lastCheckpoint.map { "\($0)" } ?? "none" },
      row("ETA") { Number.duration($0.eta) },
    ]
  }

  /// The runs that there is room for: the newest, and the one that it branches off.
  private static func shown(_ runs: [RunSnapshot], room: Int) -> [Int] {
    guard runs.count > room, let last = runs.last else { return Array(runs.indices) }
    let parent = runs.firstIndex { $0.name == last.fork?.parent }
    var places = [runs.count - 1] + (parent.map { [$0] } ?? [])
    for place in runs.indices.reversed() where places.count < room && !places.contains(place) {
      places.append(place)
    }
    return places.prefix(room).sorted()
  }

  static func draw(_ all: [RunSnapshot], top: Int = 0, on canvas: inout Canvas) {
    let places = shown(all, room: max(2, (canvas.size.width - 10) / 9))
    let runs = places.map { all[$0] }
    let column = max(6, min(14, (canvas.size.width - 10) / max(1, runs.count)))
    let area = Rect(x: 0, y: 0, width: canvas.size.width, height: 1)
    let fields = area.columns([.fixed(10)] + runs.map { _ in .fixed(column) })
    for (index, run) in runs.enumerated() {
      let width = fields[index + 1].width - 1
      let isLong = VisibleText.width(run.name) > width
      let name = isLong ? run.name.prefix { $0 != " " } : run.name[...]
      canvas.put(
        StyledText(String(name), .plot(places[index]), .bold),
        x: fields[index + 1].x + 1, y: 0,
        width: width, alignment: .right)
    }
    let shown = rows(runs).dropFirst(top).prefix(max(0, canvas.size.height - 1))
    for (line, row) in shown.enumerated() {
      canvas.put(StyledText(row.name, .dim), x: 0, y: line + 1, width: 10)
      for (index, value) in row.values.enumerated() {
        canvas.put(
          StyledText(value), x: fields[index + 1].x, y: line + 1, width: fields[index + 1].width,
          alignment: .right)
      }
    }
  }

  static func line(_ run: RunSnapshot) -> StyledText {
    StyledText(
      "\(run.name): step \(run.step)/\(run.steps)  loss \(loss(run.averageLoss))  "
        + "\(Number.grouped(Int(clamped(run.tokensPerSecond)))) tok/s  "
        + "ETA \(Number.duration(run.eta))")
  }

  static func loss(_ value: Double) -> String { value.isNaN ? "-" : Number.fixed(value, 3) }

  static func perplexity(_ loss: Double) -> String {
    loss.isFinite && loss < 20 ? Number.fixed(Perplexity.of(loss), 1) : "-"
  }

  static func clamped(_ value: Double) -> Double {
    value.isFinite ? min(1e12, max(0, value)) : 0
  }

  /// 2.61e-4, without a zero before the exponent.
  static func rate(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "0" }
    var exponent = 0
    var digits = value
    while digits < 1 && exponent > -30 {
      digits *= 10
      exponent -= 1
    }
    return exponent == 0 ? Number.fixed(value, 3) : "\(Number.fixed(digits, 2))e\(exponent)"
  }
}
