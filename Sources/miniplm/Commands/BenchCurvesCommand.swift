import ArgumentParser
import EngineInterface
import Numerics
import TerminalUI
import Workbench

extension BenchCommand {
  /// From a key to the frame of a training with long curves.
  struct Curves: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Time from a key to its frame on the Train screen with curves of many points.",
      discussion: """
        Two runs of as many steps each are looked at with smoothing, logarithm, zoom and a cursor \
        that walks. What is timed is the answer to the key and the drawing of all cells, not the \
        terminal.
        """)

    @Option(
      help: "Steps of a run. (default: 1000000)", transform: whole(2...100_000_000))
    var points = 1_000_000
    @Option(help: "Columns of the terminal. (default: 120)", transform: whole(80...1000))
    var columns = 120
    @Option(help: "Rows of the terminal. (default: 36)", transform: whole(24...1000))
    var rows = 36
    @Option(help: "Keys that are timed. (default: 200)", transform: whole(10...1_000_000))
    var keys = 200
    @OptionGroup var common: CommonOptions

    /// One measurement, milliseconds.
    struct Measurement: Encodable {
      var points: Int
      var columns: Int
      var rows: Int
      var median: Double
      var p90: Double
      var slowest: Double
    }

    func run() throws {
      var state = ViewState(size: Size(width: columns, height: rows))
      let runs = ["A uniform", "B refined"].enumerated().map { Self.run($1, points, seed: $0) }
      _ = reduce(&state, .engine(.training(TrainingSnapshot(runs: runs))))
      state.screen = .train
      state.followsWork = false
      _ = reduce(&state, .key(.character("t")))
      let axes = Array(repeating: Key.character("X"), count: 4)
      let cycle =
        "sssLLLL++i".map(Key.character) + axes + [.left, .pageUp, .shiftRight, .escape]
      let renderer = Renderer()
      var times: [Double] = []
      for number in 0..<keys {
        let start = ContinuousClock.now
        _ = reduce(&state, .key(number % 3 == 2 ? .left : cycle[number / 3 % cycle.count]))
        _ = renderer.render(state)
        times.append((ContinuousClock.now - start) / .milliseconds(1))
      }
      times.sort()
      let found = Measurement(
        points: points, columns: columns, rows: rows, median: times[times.count / 2],
        p90: times[times.count * 9 / 10], slowest: times[times.count - 1])
      if common.json { return try Output.json(found) }
      try Output.line(
        "2 runs of \(Number.grouped(points)) points at \(columns) x \(rows): key to frame "
          + "\(Number.fixed(found.median, 1)) ms, p90 \(Number.fixed(found.p90, 1)) ms, "
          + "slowest \(Number.fixed(found.slowest, 1)) ms")
    }

    /// A loss that falls, with noise.
    private static func run(_ name: String, _ count: Int, seed: Int) -> RunSnapshot {
      var generator = RandomSource(seed: UInt64(seed + 1))
      let curve = (1...count).map { step in
        let fall = 6 / (1 + Double(step) / Double(count) * 40)
        return CurvePoint(
          step: step, tokens: step * 4096, loss: 3 + fall + 0.3 * generator.uniform(),
          seconds: Double(step) * 0.8)
      }
      return RunSnapshot(
        name: name, corpus: "", step: count, steps: count, trainCurve: curve,
        gradientNorms: curve.map { $0.loss / 4 }, operationsPerToken: 1e7)
    }
  }
}
