import ArgumentParser
import EngineInterface
import EngineLink
import Store
import Workbench

/// Comes to the work on a project that goes on in another process.
struct AttachCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach",
    abstract: "Come back to the work on a project that goes on in another process.",
    discussion: """
      Work that 'open', 'demo' or 'run' has begun goes on without its terminal, and any terminal of the \
      same user can come to it: several at a time, to steer or (--read-only) to look. --once and --json \
      say how far it is; --checkpoint, --pause, --resume and --stop steer it without a screen. Where \
      nothing works on the project, 'open' and 'run' go on from what is on disk.
      """)

  @Argument(help: "Project folder; by default the demo's.")
  var project = "demo"
  @Argument(help: "Screen that --once prints, by name or digit.")
  var shown: ScreenID?
  @Flag(help: "Only look; nothing can be changed, started or stopped.")
  var readOnly = false
  @Flag(help: "Print how far the work is as JSON and leave; with --once the data of a screen.")
  var json = false
  @Flag(help: "Write a checkpoint of the running training, and go on.")
  var checkpoint = false
  @Flag(help: "Pause the running job.")
  var pause = false
  @Flag(help: "Let a paused job go on.")
  var resume = false
  @Flag(help: "Stop the work with everything saved, and end its process.")
  var stop = false
  @OptionGroup var screen: ScreenArguments

  func run() async throws {
    let order = try order()
    guard shown == nil || screen.once else {
      throw ExitStatus(code: 2, text: "A screen behind the project belongs to --once.")
    }
    guard Folder.isFolder(project) else { throw ExitStatus.noProject(project) }
    guard order != nil || json || screen.once || Output.isTerminal else {
      throw ExitStatus(
        code: 2,
        text: "Standard output is no terminal; --once or --json print how far the work is.")
    }
    let passes = order != nil || json || screen.once
    let client = try EngineServing.client(
      project, isReadOnly: order == nil && (readOnly || passes), isPassing: passes)
    guard let client else {
      if let holder = EngineServing.holder(of: project) { throw holder }
      throw LinkError.notThere(folder: project)
    }
    if let order { return try await AttachedOrder(client: client, project: project).give(order) }
    let attached = AttachedScreen(client: client, folder: project, options: screen)
    let shown = shown ?? (screen.once ? screen.screen : nil)
    if json && !(screen.once && shown != nil) || screen.once && shown == nil {
      let status = AttachedStatus(await attached.events())
      if json { return try Output.json(status) }
      for line in status.lines { try Output.line(line) }
    } else if screen.once {
      try await attached.printOnce(asData: json, screen: shown)
    } else {
      try await attached.run()
    }
  }

  private func order() throws(ExitStatus) -> AttachedOrder.Kind? {
    let orders: [(given: Bool, kind: AttachedOrder.Kind)] = [
      (checkpoint, .checkpoint), (pause, .pause), (resume, .resume), (stop, .stop),
    ]
    let given = orders.filter(\.given)
    guard given.count <= 1, given.isEmpty || !readOnly else {
      throw ExitStatus(
        code: 2, text: "Only one of --checkpoint, --pause, --resume, --stop and --read-only.")
    }
    guard screen.script == nil else {
      throw ExitStatus(
        code: 2, text: "--script belongs to 'miniplm open', whose engine is its own.")
    }
    return given.first?.kind
  }
}
