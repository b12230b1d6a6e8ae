import ArgumentParser
import Engine
import EngineInterface
import Store

/// The whole method on real text of this machine.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "The whole method on real text of this machine, within eight minutes.",
    discussion: """
      Gathers text of several kinds, plants damage into a labelled part, trains tokenizer, teacher \
      and reference on a held-back part, scores the rest, selects, and trains two students side by \
      side. In the workbench it waits at the selection for you; without a screen it takes the ratio \
      0.5. The machine is measured first: a slow one gets less text. The same command goes on where \
      it was stopped or killed.
      """)

  @Option(help: "Project folder.")
  var project = "demo"
  @Flag(help: "Plain lines instead of the workbench; so it is when standard output is no terminal.")
  var headless = false
  @Option(
    help: "Bytes of text in all; by default what suits the machine, at most 6,000,000.",
    transform: whole(65_536...Most.counted))
  var bytes: Int?
  @Option(help: "Seed of everything. (default: 42)", transform: seedNumber())
  var seed: UInt64?
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var waivers: WaiverOptions
  @OptionGroup var screen: ScreenArguments
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let waived = try waivers.waivers()
    if let present = try ProjectEngine.settings(in: project) { try requireSame(as: present) }
    let present = try ProjectEngine.settings(in: project, waiving: waived)
    var settings = present ?? DemoProject.settings(bytes: bytes, seed: seed ?? DemoProject.seed)
    precision.apply(to: &settings)
    if present == nil { settings.waive(waived) }
    if headless || common.json || !(Output.isTerminal || screen.script != nil) {
      let engine = try ProjectEngine(
        folder: project, settings: settings, autopilot: .all, threads: common.threadCount)
      try await HeadlessRun(engine: engine, isQuiet: common.quiet, json: common.json).run()
    } else {
      guard screen.once || screen.script != nil else {
        return try await AttachedScreen.open(
          project,
          BackgroundOrder(
            settings: settings, autopilot: .until(.select), threads: common.threadCount),
          options: screen)
      }
      let engine = try ProjectEngine(
        folder: project, settings: settings, autopilot: .until(.select),
        threads: common.threadCount)
      try await ScreenRun(engine: engine, options: screen).run()
    }
  }

  /// Options for a folder that holds a project must be those that it was made with.
  private func requireSame(as present: ProjectSettings) throws(EngineError) {
    if let seed, present.seed != seed {
      throw .otherSettings(
        path: project, found: "seed \(present.seed)", expected: "--seed \(seed)")
    }
    guard let bytes, present.text != .demo(bytes: bytes) else { return }
    let found =
      switch present.text {
      case .demo(let bytes): "\(bytes) bytes of text"
      case .demoForThisMachine: "as much text as suits the machine"
      case .files: "text of its own"
      }
    throw .otherSettings(path: project, found: found, expected: "--bytes \(bytes)")
  }
}
