import DifferenceSampling
import EngineInterface
import Pipeline
import Store
import TensorKit

/// What the parts of the desk have in common: the project, the machine, and the ways out. Belongs to
/// the desk's thread.
final class DeskContext {
  let folder: ProjectFolder
  /// As they stand in project.json; a choice of precision changes them.
  var settings: ProjectSettings
  let autopilot: Autopilot
  let threads: Int
  let compute: Ops
  let publisher: Publisher
  let mailbox: Mailbox<ProjectEngine.Message>
  /// Digests of the project's files, and of those that it was given.
  let digests: FileDigests
  let preparations: Preparations
  /// Stops what is being prepared, when nobody wants it any more.
  let control = WorkControl()

  init(engine: ProjectEngine) throws {
    folder = engine.folder
    settings = engine.settings
    autopilot = engine.autopilot
    threads = engine.threads
    compute = try Ops(
      kernels: .best, pool: try ParallelPool(threads: engine.threads), capability: engine.capability
    )
    publisher = engine.publisher
    mailbox = engine.mailbox
    digests = FileDigests(file: folder.digests)
    preparations = Preparations { [mailbox = engine.mailbox] in mailbox.send(.prepared($0)) }
  }

  var status: ProjectStatus { ProjectStatus(folder: folder, settings: settings) }

  var precisions: ProjectPrecisions {
    ProjectPrecisions(folder: folder, settings: settings, capability: compute.capability)
  }

  /// A line for the status bar and the log.
  func note(_ text: String, _ level: Notice.Level = .info) {
    publisher.send(.notice(Notice(level: level, text: text, time: Clock.timeOfDay())))
  }

  /// Tells what went wrong instead of ending the desk.
  func attempt(_ body: () throws -> Void) {
    do {
      try body()
    } catch {
      note("\(error)", .error)
    }
  }
}
