import Foundation
import LanguageModels
import Pipeline
import ScalingLaws
import Store
import Testing
import Training

@Suite final class FitTests {
  let root = NSTemporaryDirectory() + "miniplm-fit-\(UUID().uuidString)"
  let law = ComputeLaw(factor: 1.5e6, exponent: 0.34, floor: 2.2)

  init() throws { try Folder.make(root) }

  deinit { try? Folder.remove(root) }

  private func write(_ text: String, _ name: String) throws -> String {
    try AtomicFile.write(text: text, to: "\(root)/\(name)")
    return "\(root)/\(name)"
  }

  /// Points of a law, with an error that has no pattern.
  private func points(_ law: ComputeLaw) -> [LossPoint] {
    (0..<10).map { place in
      let compute = 1e17 * pow(2, Double(place))
      let error = 1 + 5e-4 * sin(Double(place * place))
      return LossPoint(compute: compute, loss: law.loss(at: compute) * error)
    }
  }

  private func csv(_ points: [LossPoint]) -> String {
    "FLOPs,loss\n" + points.map { "\($0.compute),\($0.loss)\n" }.joined()
  }

  private func fit(
    _ groups: [FitGroup], _ change: (inout Fit.Settings) -> Void = { _ in }
  ) throws -> FitResult {
    var settings = Fit.Settings()
    settings.resampling.count = 6
    change(&settings)
    return try Fit(groups, settings: settings).run(Work())
  }

  @Test func everyFormOfAFileGivesTheSameLaw() throws {
    let points = points(law)
    let objects = points.map { "{\"compute\": \($0.compute), \"Loss\": \($0.loss), \"x\": null}" }
    let paths = [
      try write(csv(points), "a.csv"),
      try write(csv(points).replacingOccurrences(of: ",", with: "\t"), "a.tsv"),
      try write(
        "# a comment\r\n\"run, of\",L,C\r\n"
          + points.map { "\"a \"\"b\"\"\", \($0.loss), \($0.compute)\r\n" }.joined() + "\r\n",
        "b.csv"),
      try write(objects.joined(separator: "\n") + "\n\n", "a.jsonl"),
      try write("[\(objects.joined(separator: ",\n"))]", "a.json"),
    ]
    let laws = try paths.map {
      try fit([FitGroup(name: "x", paths: [$0])]).fits[0]
    }
    #expect(laws.allSatisfy { $0 == laws[0] })
    #expect((laws[0].alpha - 0.34).magnitude < 0.03)
    #expect(laws[0].points == 10)
    #expect(laws[0].intervals?.alpha != nil)
  }

  @Test func computationIsApproximatedWhereOnlySizesAreGiven() throws {
    let rows = points(law).map { "\($0.compute / 6e6),1e6,\($0.loss)" }
    let path = try write("tokens,params,loss\n" + rows.joined(separator: "\n"), "sizes.csv")
    let found = try fit([FitGroup(name: "x", paths: [path])])
    #expect((found.fits[0].computeRange[0] / 1e17 - 1).magnitude < 1e-9)
  }

  @Test func brokenFilesAreNamedWithTheirLine() throws {
    for (text, line) in [
      ("compute,loss\n1e15,3\n1e16,three\n", 3), ("compute,loss\n1e15\n", 2),
      ("compute,loss\n1e15,-3\n", 2), ("compute,loss\n0,3\n", 2), ("compute,loss\nnan,3\n", 2),
      ("a,b\n1,2\n", 1), ("", 1), ("{\"compute\": 1e15, \"loss\": 3}\n{\"compute\": 1e15\n", 2),
      ("{\"compute\": 1e15}\n", 1), ("{\"loss\": \"x\", \"compute\": 1}\n", 1), ("[1, 2]", 1),
      ("loss\n3\n", 2),
    ] {
      let path = try write(text, "broken")
      let error = try #require(throws: FitError.self) {
        try fit([FitGroup(name: "x", paths: [path])])
      }
      guard case .points(path, line, _, _) = error else {
        Issue.record("\(text): \(error)")
        continue
      }
    }
  }

  @Test func tooFewPointsNameTheirGroup() throws {
    let path = try write(csv(Array(points(law).prefix(3))), "few.csv")
    #expect(throws: FitError.law(group: "x", .tooFewPoints(needed: 4, found: 3))) {
      try fit([FitGroup(name: "x", paths: [path])])
    }
  }

  @Test func aBaselineGivesASpeedUp() throws {
    let faster = ComputeLaw(
      logFactor: law.logFactor - law.exponent * log(2), exponent: law.exponent, floor: law.floor)
    let groups = [
      FitGroup(name: "ours", paths: [try write(csv(points(faster)), "ours.csv")]),
      FitGroup(name: "base", paths: [try write(csv(points(law)), "base.csv")]),
    ]
    let found = try fit(groups) {
      $0.baseline = "base"
      $0.computes = [1e20]
      $0.losses = [2.5, 1]
    }
    #expect(found.speedups.map(\.of) == ["ours", "ours"])
    #expect((try #require(found.speedups[1].speedup.factor) - 2).magnitude < 0.3)
    #expect(found.speedups[0].speedup.compute == 1e17 * 512)
    #expect(found.fits[0].reach[1].compute == nil)
    #expect(found.fits[0].extrapolations[0].interval != nil)
    let scored = try fit(groups) {
      $0.baseline = "base"
      $0.offline = 1e19
    }
    #expect(
      try #require(scored.speedups[0].speedup.factor)
        < #require(found.speedups[0].speedup.factor))
    #expect(throws: PipelineError.self) { try fit(groups) { $0.baseline = "none" } }
    #expect(throws: PipelineError.self) { try fit([groups[0], groups[0]]) }
    #expect(throws: PipelineError.self) { try fit([]) }
  }

  @Test func severalSizesHaveALawOfTheirOwn() throws {
    let sizes = SizeLaw(
      logSizeFactor: log(406.4), sizeExponent: 0.34, logDataFactor: log(410.7), dataExponent: 0.28,
      floor: 1.69)
    var text = "N,D,loss\n"
    for parameters in [4e6, 2e7, 1e8] {
      for tokens in [2e8, 1e9, 5e9] {
        text += "\(parameters),\(tokens),\(sizes.loss(parameters: parameters, tokens: tokens))\n"
      }
    }
    let found = try fit([FitGroup(name: "x", paths: [write(text, "sizes.csv")])]) {
      $0.resampling.count = 0
      $0.computes = [1e18]
    }.fits[0]
    #expect((try #require(found.sizes).beta - 0.28).magnitude < 1e-4)
    #expect(found.sizes?.best.count == 1)
    #expect(found.intervals == nil && found.bootstrap == nil)
  }

  @Test func argumentsAreGroups() {
    #expect(
      FitGroup.groups(["a/b", "n=c,d", "k=v"], name: "runs") { $0 == "k=v" } == [
        FitGroup(name: "runs", paths: ["a/b", "k=v"]), FitGroup(name: "n", paths: ["c", "d"]),
      ])
    #expect(
      FitGroup.groups(["a/b"], name: "runs") { _ in true }
        == [FitGroup(name: "b", paths: ["a/b"])])
  }

  /// The computation of a run is that of its model at its length, three times the forward pass.
  @Test func aRunGivesItsHeldOutLosses() throws {
    let inputs = try ScoredInputs()
    try inputs.pack("held-out", documents: 6, start: 500)
    let run = inputs.root + "/runs/a"
    _ = try Train(
      .folder(inputs.reference), on: TrainingPlace(shards: inputs.shards, runFolder: run),
      configuration: TrainingConfiguration(
        steps: 8, chunksPerMicroBatch: 2, chunksPerStep: 4, chunkTokens: 33,
        endOfSequenceToken: nil, learningRate: 1e-2, minimumLearningRate: 1e-3, warmupSteps: 2,
        evaluationInterval: 1, checkpointInterval: 8, logInterval: 1),
      heldOut: HeldOut(shards: inputs.root + "/held-out", limit: 3, choice: .spread),
      compute: inputs.compute
    ).run(Work())
    let found = try fit([FitGroup(name: "a", paths: [run])]) { $0.fromStep = 2 }.fits[0]
    #expect(found.points == 7)
    let model = ModelOperations(try inputs.reference.configuration())
    var tokens = 0
    for case .evaluation(let record) in try MetricsLog.read(runFolder: run) where record.step == 8 {
      tokens = record.tokensSeen
    }
    let expected = model.training(length: 32) * Double(tokens) / 32
    #expect((found.computeRange[1] / expected - 1).magnitude < 1e-12)
    // The log stands for its run.
    let again = try fit([FitGroup(name: "a", paths: [run + "/metrics.jsonl"])]) {
      $0.fromStep = 2
    }.fits[0]
    #expect(again == found)
    #expect(throws: FitError.noLosses(run: run, fromStep: 9)) {
      try fit([FitGroup(name: "a", paths: [run])]) { $0.fromStep = 9 }
    }
    try Folder.remove(run + "/checkpoints")
    #expect(throws: FitError.noCheckpoint(run: run)) {
      try fit([FitGroup(name: "a", paths: [run])])
    }
  }
}
