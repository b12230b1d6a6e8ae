import EngineInterface
import Foundation

/// Snapshots of models, training, comparison and commit.
extension FixtureSnapshots {
  func run(_ name: String, corpus: String, step: Int, steps: Int = 400, level: Double)
    -> RunSnapshot
  {
    var generator = Generator(seed: UInt64(name.utf8.reduce(0) { $0 + Int($1) }))
    func point(_ step: Int, _ loss: Double) -> CurvePoint {
      CurvePoint(step: step, tokens: step * 8192, loss: loss, seconds: Double(step) * 0.85)
    }
    func fall(_ step: Int) -> Double { 5.5 * exp(-Double(step) / 60) }
    let train = (0...max(1, step)).map { step in
      point(step, level + fall(step) + (generator.unit() - 0.5) * 0.2)
    }
    let heldOut = stride(from: 0, through: step, by: 20).map { step in
      point(step, level + 0.05 + fall(step))
    }
    return RunSnapshot(
      name: name, corpus: corpus, step: step, steps: steps, tokens: step * 8192,
      epoch: Double(step) / Double(steps), loss: train.last?.loss ?? .nan,
      averageLoss: train.last?.loss ?? .nan, lossZScore: -0.3,
      heldOutLoss: heldOut.last?.loss, learningRate: 2.61e-4, gradientNorm: 0.84,
      clippedShare: 0.02, tokensPerSecond: 2410, stepTime: 850, memory: 310_000_000,
      eta: Double(steps - step) * 0.85, lastCheckpoint: step / 100 * 100,
      trainCurve: train, heldOutCurve: heldOut,
      gradientNorms: train.map { 0.5 + 3 * exp(-Double($0.step) / 30) },
      operationsPerToken: 9.6e6)
  }

  func models(step: Int?) -> ModelsSnapshot {
    func model(
      _ role: String, _ name: String, _ architecture: String, _ parameters: Int, _ state: String
    ) -> ModelsSnapshot.Model {
      ModelsSnapshot.Model(
        role: role, name: name, architecture: architecture, parameters: parameters,
        bytes: parameters * 4, state: state,
        facts: [
          "layers 6  hidden 256  heads 4  kv heads 2", "vocabulary 8,192  tied head  rope 10000",
          "file models/\(name)/model.safetensors", "sha256 3f1c..9ab2",
        ])
    }
    let isTraining = step != nil
    return ModelsSnapshot(
      models: [
        model("teacher", "teacher-6x256", "Qwen2", 6_400_000, isTraining ? "training" : "ready"),
        model("reference", "reference-2x96", "Qwen2", 1_060_000, isTraining ? "waiting" : "ready"),
        model("student A", "student-A", "Mamba", 1_600_000, "fresh"),
        model("student B", "student-B", "Mamba", 1_600_000, "fresh"),
      ],
      checks: [
        .init(state: .ok, text: "teacher and reference share one tokenizer (77ac..)"),
        .init(
          state: isTraining ? .waiting : .ok, text: "teacher loss < reference loss (2.91 < 3.47)"),
        .init(state: .ok, text: "no NaN or Inf in the logits of 64 probe chunks"),
        .init(state: .warning, text: "reference saw 3 of the 64 probe chunks in training"),
      ],
      runs: step.map { [run("teacher", corpus: "held back", step: $0, steps: 300, level: 2.8)] }
        ?? [],
      precision: precision(isTraining: isTraining))
  }

  func precision(
    isTraining: Bool, scoring: NumberFormat = .f32
  ) -> PrecisionSnapshot {
    let busy = isTraining ? "Not while the job runs (train the teacher): stop it first, x." : nil
    return PrecisionSnapshot(
      scoring: scoring, training: .f32, blockCheckpointing: false,
      options: NumberFormat.allCases.map {
        .init(
          choice: .scoring($0), isInForce: $0 == scoring,
          bytes: $0 == .f32 ? 131_500_000 : 96_200_000)
      } + [
        .init(choice: .training(.f32), isInForce: true, bytes: 310_000_000),
        .init(choice: .training(.bf16), isInForce: false, bytes: 322_000_000, obstacle: busy),
        .init(
          choice: .blockCheckpointing(true), isInForce: false, bytes: 190_000_000, obstacle: busy),
      ])
  }

  func training(step: Int) -> TrainingSnapshot {
    let a = run("A uniform", corpus: "uniform 0.50", step: step, level: 3.4)
    let b = run("B refined", corpus: "refined 0.50", step: max(0, step - 4), level: 3.25)
    let difference = zip(a.heldOutCurve, b.heldOutCurve).map { left, right in
      CurvePoint(
        step: left.step, tokens: left.tokens, loss: right.loss - left.loss,
        seconds: left.seconds)
    }
    let events: [RunEvent] = [
      RunEvent(.start, text: "A uniform starts", time: "12:41:07", run: "A uniform"),
      RunEvent(.start, text: "B refined starts", time: "12:41:07", run: "B refined"),
      RunEvent(
        .spike, level: .warning,
        text: "A uniform spike at step 87: loss 5.127 is 7.4 deviations above its last values",
        time: "12:43:02", run: "A uniform", step: 87),
      RunEvent(
        .checkpoint, text: "B refined checkpoint 100, 0.2 s", time: "12:44:30", run: "B refined",
        step: 100),
    ]
    return TrainingSnapshot(
      runs: [a, b], difference: difference, latestDifference: difference.last?.loss,
      latestInterval: 0.021, tokenShareToReach: 0.71, events: events)
  }

  var comparison: ComparisonSnapshot {
    func row(_ name: String, _ a: Double, _ difference: Double, _ keep: Double?)
      -> ComparisonSnapshot.Row
    {
      ComparisonSnapshot.Row(
        name: name, chunks: keep.map { Int($0 * 100) } ?? 344, a: a, b: a + difference,
        difference: difference, interval: 0.02,
        band: .init(low: difference - 0.04, high: difference + 0.03), keepRate: keep)
    }
    return ComparisonSnapshot(
      names: ["A uniform", "B refined"],
      rows: [
        row("prose", 3.61, -0.09, 0.31), row("code", 2.20, -0.24, 0.81),
        row("docs", 3.05, -0.21, 0.66), row("dictionary", 3.22, -0.16, 0.57),
        row("law", 3.40, -0.12, 0.47), row("fortune", 3.90, 0.06, 0.06),
      ],
      chunkMean: row("all (mean over chunks, as published)", 3.301, -0.139, nil),
      macro: row("all (mean over sources)", 3.23, -0.126, nil),
      total: row("all (mean over tokens)", 3.214, -0.151, nil),
      bitsPerByte: row("all (bits per byte)", 1.2, -0.05, nil), bandUnit: "documents",
      runs: training(step: 400).runs, curveChunks: 120, labels: Self.labels,
      remarks: ["Not the pure method: floor fortune 6 %."])
  }

  /// Of the selection at a ratio; behind it lies one of 0.45, and a written one is the newest.
  func commit(_ state: CommitSnapshot.State, ratio: Double = 0.5) -> CommitSnapshot {
    let selection = selection(ratio)
    let before = CommitSnapshot.Earlier(name: "0000-r0.45", ratio: 0.45, chunks: 540)
    let written = CommitSnapshot.Earlier(
      name: "0001-r0.50", ratio: ratio, chunks: selection.keptChunks)
    let isWritten = if case .written = state { true } else { false }
    return CommitSnapshot(
      state: state, name: "0001-r0.50", folder: "/home/ann/demo/commits/0001-r0.50", ratio: ratio,
      chunks: selection.keptChunks, tokens: selection.keptTokens,
      files: [
        .init(name: "kept-00000.bin", bytes: 860_000, note: "430k tokens"),
        .init(name: "kept-00000.idx", bytes: 12_000),
        .init(name: "uniform-00000.bin", bytes: 861_000, note: "for student A"),
        .init(name: "dropped.tsv", bytes: 9_000, note: "600 ids and scores"),
        .init(name: "manifest.json", bytes: 2_100, note: "sha256 of all"),
      ],
      freeDisk: 79_000_000_000,
      card: [
        "# demo-r0.50", "600 of 1,200 chunks, chosen by difference sampling (ratio 0.5).",
        "teacher   teacher-6x256   sha256 3f1c..9ab2",
        "reference reference-2x96  sha256 0d77..41e0",
        "score     mean log p - log q per token, first 1024 positions",
      ],
      earlier: isWritten ? [before, written] : [before],
      shared: isWritten ? selection.keptChunks : min(540, selection.keptChunks),
      added: isWritten ? 0 : max(0, selection.keptChunks - 540),
      removed: isWritten ? 0 : max(0, 540 - selection.keptChunks))
  }
}
