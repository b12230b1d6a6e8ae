import ArgumentParser
import Engine
import Experiments
import Foundation
import Numerics
import Pipeline
import Store
import TensorKit

/// A project, or an experiment, without a screen.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a project or an experiment to its end without a screen.",
    discussion: """
      A project's folder holds project.json (see init); its tasks, if it has some, are evaluated at \
      the end. An experiment is a recipe, a JSON file: \
      corpus, teacher, reference, students, and the ways to choose their text, which are compared \
      at equal computation, scoring included. It is done in parts, and ends in a report. What is \
      done already is not done again: stopped or killed, the same command goes on.
      """)

  @Argument(help: "Project folder, or the recipe of an experiment.")
  var project: String
  @Option(
    name: [.short, .long],
    help: "Folder of the experiment. (default: experiment-NAME by the recipe's name)")
  var output: String?
  @Flag(help: "Print every part of the experiment with what it costs here, and do nothing.")
  var dryRun = false
  @Option(
    help: "Seeds of the students in place of the recipe's, with commas between them.",
    transform: seedList)
  var seeds: [UInt64]?
  @Option(
    help: ArgumentHelp(
      """
      Train only the students whose name holds this, for example mamba-96x3 or -s1; may be given \
      several times. The others may follow in another run.
      """, valueName: "text"))
  var only: [String] = []
  @Option(
    name: .customLong("for"),
    help: "Stop at a safe point after this time (90s, 20m, 8h30m), as Ctrl-C would.",
    transform: timeSpan)
  var limit: Double?
  @Flag(
    help: "Work on the project in the background and return; 'miniplm attach' comes to it.")
  var detach = false
  @OptionGroup var waivers: WaiverOptions
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let isFolder = Folder.isFolder(project)
    if detach, !isFolder {
      throw ExitStatus(
        code: 2, text: "\(project) is no project: --detach belongs to projects, not to experiments."
      )
    }
    if !isFolder, project.hasSuffix(".json") || Folder.exists(project) {
      return try ExperimentCommand(
        recipe: project, output: output, isDry: dryRun, seeds: seeds, only: only, limit: limit,
        waivers: waivers.waivers(), common: common
      ).run()
    }
    guard output == nil, !dryRun, limit == nil, seeds == nil, only.isEmpty else {
      throw ExitStatus(
        code: 2,
        text: "\(project) is no recipe: --output, --dry-run, --for, --seeds and --only belong to "
          + "experiments.")
    }
    guard
      let settings = try ProjectEngine.settings(in: project, waiving: waivers.waivers())
    else {
      throw ExitStatus.noProject(project)
    }
    if detach { return try runInBackground(settings) }
    let engine: ProjectEngine
    do {
      engine = try ProjectEngine(
        folder: project, settings: settings, autopilot: .all, threads: common.threadCount)
    } catch StoreError.locked(let path, let holder) {
      throw try EngineServing.advised(.locked(path: path, holder: holder), project)
    }
    try await HeadlessRun(engine: engine, isQuiet: common.quiet, json: common.json).run()
  }
}

extension RunCommand {
  /// What is said of a run that has been started.
  private struct Started: Encodable {
    var process: Int32
    var project: String
    var log: String
  }

  private func runInBackground(_ settings: ProjectSettings) throws {
    let order = BackgroundOrder(
      settings: settings, autopilot: .all, threads: common.threadCount)
    do {
      let process = try BackgroundEngine.start(project, order)
      let log = ProjectFolder(path: project).engineLog
      if common.json {
        return try Output.json(Started(process: process, project: project, log: log))
      }
      try Output.line(
        "process \(process) works on \(project); 'miniplm attach \(project)' shows it, with --stop it "
          + "saves and ends; log: \(log)")
    } catch let failure as BackgroundReply.Failure {
      if failure.isLocked, let holder = EngineServing.holder(of: project) {
        throw try EngineServing.advised(holder, project)
      }
      throw failure.status
    }
  }
}

/// What `run` does with a recipe.
struct ExperimentCommand {
  let recipe: String
  let output: String?
  let isDry: Bool
  let seeds: [UInt64]?
  let only: [String]
  let limit: Double?
  let waivers: [CheckWaiver]
  let common: CommonOptions

  /// Seconds for which the speed of each model is measured.
  private static let measuring = 0.5

  func run() throws {
    let read = try ExperimentRecipe(file: recipe, seeds: seeds)
    if isDry { try RecipeInputs(read, path: recipe).require() }
    let folder = ExperimentFolder(output ?? "experiment-\(read.name)")
    let compute = try common.compute()
    if isDry { return try showPlan(read, folder, compute) }
    let experiment = try Experiment(
      recipe: recipe, in: folder, seeds: seeds,
      Experiment.Settings(
        program: Program.nameAndVersion, waivers: waivers, timeLimit: limit,
        measuring: Self.measuring, only: only),
      compute: compute)
    let report = try CommandRun(read.name, common).run { try experiment.run($0) }
    if common.json {
      let data = try FileContents.read("\(report)/results.json")
      return try Output.json(JSONDecoder().decode(JSONValue.self, from: data))
    }
    try Output.line("report: \(report)/README.md")
  }

  private func showPlan(
    _ recipe: ExperimentRecipe, _ folder: ExperimentFolder, _ compute: Ops
  ) throws {
    let plan = try CommandRun("plan", common, whenStopped: .stoppedWithoutResult).run {
      try ExperimentPlan(
        recipe, in: folder, measuring: Self.measuring, compute: compute, $0)
    }
    let table = try PlanTable(plan)
    if common.json { return try Output.json(table) }
    for line in table.lines { try Output.line(line) }
  }
}
