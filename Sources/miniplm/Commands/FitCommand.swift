import ArgumentParser
import Numerics
import Pipeline
import ScalingLaws
import Store

/// Scaling laws of runs.
struct FitCommand: ParsableCommand, LooksOnly {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit scaling laws L(C) = A / C^alpha + L_inf to runs, with intervals.",
    discussion: """
      RUN is the folder of a training run, whose held-out losses are taken by step and whose \
      computation is counted from its model and its tokens, or a file of points: CSV with a header or \
      JSON objects, with compute (or flops), loss, and where known parameters, tokens, run, step. \
      Several runs are one law; NAME=PATH,PATH is a law of its own beside the others.

      The law is the least sum of Huber losses of log loss over a grid of starts (Hoffmann et al. \
      2022). Where points are of three sizes and three amounts of data, L(N, D) = E + A / N^alpha + \
      B / D^beta is fitted as well. Intervals are 95 % and come from resamples: of whole runs from \
      three of them on, else of points.
      """)

  @Argument(help: "Run folders and files of points, or NAME=PATH,PATH.")
  var runs: [String]
  @Option(
    parsing: .upToNextOption,
    help: "Runs that the others are compared with, or the name of a group among them.")
  var baseline: [String] = []
  @Option(
    help: "Computations to give the loss at, with commas between them: 1e21,1e22.",
    transform: numbers())
  var at: [Double]?
  @Option(
    help: "Losses to give the computation of, with commas between them.", transform: numbers())
  var reach: [Double]?
  @Option(
    help: "Resamples of the intervals; 0 makes none. (default: 1000)", transform: whole(0...100_000)
  )
  var bootstrap = 1000
  @Option(
    help: "What is resampled: points, runs, or residuals around the law; by default as above.")
  var resample: Resampling.Unit?
  @Option(help: "Seed of the resamples. (default: 0)", transform: seedNumber())
  var seed: UInt64 = 0
  @Option(
    help: "Step from which on held-out losses count; earlier ones are the warm-up's. (default: 1)",
    transform: whole(1...Most.counted))
  var fromStep = 1
  @Flag(help: "Take the last held-out loss of every run alone.")
  var last = false
  @Option(
    help: """
      Operations that all but the baseline need beside their training, such as scoring the corpus: \
      they count in the speed-up. (default: 0)
      """, transform: real(0...1e40))
  var offlineFlops = 0.0
  @Option(
    help: "Huber's delta, of log loss. (default: 0.001)", transform: realAboveZero(upTo: 1e3))
  var delta = ComputeFit.usualDelta
  @Flag(help: "Show the laws that the paper prints beside these.")
  var published = false
  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false
  @Flag(name: [.short, .long], help: "No progress lines.")
  var quiet = false

  func run() throws {
    var groups = FitGroup.groups(runs, name: "runs", exists: Folder.exists)
    var settings = Fit.Settings()
    settings.delta = delta
    settings.resampling = Resampling(count: bootstrap, seed: seed, unit: resample)
    settings.computes = at ?? []
    settings.losses = reach ?? []
    settings.fromStep = fromStep
    settings.onlyLast = last
    settings.offline = offlineFlops
    if baseline.count == 1, groups.contains(where: { $0.name == baseline[0] }) {
      settings.baseline = baseline[0]
    } else if !baseline.isEmpty {
      let compared = FitGroup.groups(baseline, name: "baseline", exists: Folder.exists)
      guard compared.count == 1 else {
        throw ValidationError("--baseline is \(compared.count) groups, expected one.")
      }
      var group = compared[0]
      if groups.contains(where: { $0.name == group.name }) { group.name = "baseline" }
      settings.baseline = group.name
      groups.append(group)
    }
    let result = try CommandRun("fit", isQuiet: quiet, whenStopped: .stoppedWithoutResult).run {
      try Fit(groups, settings: settings).run($0)
    }
    if json {
      return try Output.json(Printed(result, published: published ? PublishedLaw.all : nil))
    }
    for fit in result.fits { try FitText.lines(of: fit).forEach(Output.line) }
    for compared in result.speedups { try Output.line(FitText.line(of: compared)) }
    if published { try FitText.published.forEach(Output.line) }
  }

  /// The result with the paper's laws, where they are wanted.
  private struct Printed: Encodable {
    let result: FitResult
    let published: [PublishedLaw]?

    init(_ result: FitResult, published: [PublishedLaw]?) {
      self.result = result
      self.published = published
    }

    private enum CodingKeys: CodingKey { case published }

    func encode(to encoder: any Encoder) throws {
      try result.encode(to: encoder)
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encodeIfPresent(published, forKey: .published)
    }
  }
}

/// Numbers above 0 with commas between them.
private func numbers() -> @Sendable (String) throws -> [Double] {
  { text in
    try text.split(separator: ",", omittingEmptySubsequences: false).map {
      guard let value = Double($0), value > 0, value.isFinite else {
        throw NumberOutOfRange(description: "expected numbers above 0 with commas between them")
      }
      return value
    }
  }
}
