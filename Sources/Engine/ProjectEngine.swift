public import EngineInterface
import Foundation
import LanguageModels
public import Pipeline
import Store
public import TensorKit
import Training

/// Until where a project's stages run by themselves.
public enum Autopilot: Sendable, Equatable, Codable {
  /// Only when asked.
  case off
  /// Up to and without this stage, and on again after it has been done by hand.
  case until(Stage)
  /// To the end.
  case all
}

/// A project with its engine: takes commands, runs stages, tells what happens.
///
/// The desk answers commands at once, the job thread runs one stage at a time, the keeper sorts
/// scores, the reader scores single chunks for the document screen, and what else takes time is
/// prepared on threads that come and go. None of them is Swift's cooperative pool.
public final class ProjectEngine: EngineClient {
  /// What goes to the desk.
  enum Message: Sendable {
    case command(EngineCommand)
    /// From the keeper of the scores.
    case scores(ScoreKeeper.Answer)
    /// From work that was done away from the desk.
    case prepared(Prepared)
    case finished(Stage, Result<StageOutcome, StageFailure>)
    case detail(ChunkDetail)
    case found(SearchTask.Found)
    case studied(StudyTask.State)
    case drivers(DriversTask.State)
    case run(role: String, RunSnapshot)
    /// How far an evaluation of tasks is.
    case tasks(TaskEvent)
    /// What was found before scoring began.
    case checked(CheckReport)
    /// Nothing more is asked.
    /// What a training waits with; nil when it goes on.
    case asked(FaultQuestion?)
    case endWhenRead
  }

  public let folder: ProjectFolder
  /// As they were when the project was opened.
  let settings: ProjectSettings
  let autopilot: Autopilot
  let threads: Int
  /// What this processor multiplies, or less.
  let capability: ProductCapability
  let publisher = Publisher()
  let mailbox = Mailbox<Message>()
  let lock: FolderLock

  /// Opens a project, or makes one in an empty folder.
  ///
  /// - Parameter capability: what can be computed here; what the project asks for beyond it is refused
  ///   where stages run by themselves, and said where not.
  /// - Throws: `StoreError.locked` when another process works on it, `EngineError.otherSettings`
  ///   when the folder was made with other settings.
  public init(
    folder: String, settings: ProjectSettings, autopilot: Autopilot = .off, threads: Int,
    capability: ProductCapability = .present
  ) throws {
    try settings.validate()
    let folder = try OutputPath(folder: folder).path
    self.folder = ProjectFolder(path: folder)
    // A project that was made elsewhere may have done already what this processor cannot.
    if autopilot != .off {
      try ProjectPrecisions(folder: self.folder, settings: settings, capability: capability)
        .require()
    }
    self.capability = capability
    self.settings = settings
    self.autopilot = autopilot
    self.threads = threads
    try self.folder.make()
    lock = try FolderLock(folder: folder)
    try Self.claim(self.folder, for: settings)
  }

  /// The stage that a run of the whole project ends with.
  public var lastStage: Stage {
    settings.taskFiles.isEmpty
      ? ProjectStatus(folder: folder, settings: settings).last : .evaluate
  }

  /// Whether there is held-out text to compare the students on.
  public var comparesStudents: Bool {
    ProjectStatus(folder: folder, settings: settings).last == .compare
  }

  public var events: AsyncStream<EngineEvent> { publisher.events }

  public func send(_ command: EngineCommand) { mailbox.send(.command(command)) }

  /// Ends the engine once everything that stands in the project has been shown.
  public func endWhenRead() { mailbox.send(.endWhenRead) }

  /// Starts the desk; call once.
  public func start() {
    let thread = Thread { [self] in
      do {
        let desk = try Desk(engine: self)
        desk.run()
      } catch {
        publisher.send(
          .notice(Notice(level: .error, text: "\(error)", time: Clock.timeOfDay())))
        publisher.end()
      }
    }
    thread.name = "desk"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// The settings of the project in `folder`; nil when there is none.
  public static func settings(in folder: String) throws -> ProjectSettings? {
    let path = ProjectFolder(path: folder).settings
    guard Folder.exists(path) else { return nil }
    let settings = try JSONFile.read(ProjectSettings.self, from: path)
    do {
      try settings.validate()
    } catch EngineError.setting(let name, let found, let expected) {
      throw EngineError.projectFile(path: path, setting: name, found: found, expected: expected)
    }
    return settings
  }

  /// The same, with checks waived in its project.json from now on.
  ///
  /// - Throws: `StoreError.locked` while another process works on it.
  public static func settings(
    in folder: String, waiving waivers: [CheckWaiver]
  ) throws -> ProjectSettings? {
    guard var settings = try settings(in: folder), !waivers.isEmpty else {
      return try settings(in: folder)
    }
    let lock = try FolderLock(folder: folder)
    defer { lock.release() }
    settings.waive(waivers)
    try JSONFile.write(settings, to: ProjectFolder(path: folder).settings)
    return settings
  }

  /// What this processor cannot do of a project that is made here, a sentence each.
  public static func obstacles(
    to settings: ProjectSettings, in folder: String, capability: ProductCapability = .present
  ) -> [String] {
    ProjectPrecisions(
      folder: ProjectFolder(path: folder), settings: settings, capability: capability
    ).obstacles()
  }

  /// Writes the settings into a new project; a project of other settings is refused.
  private static func claim(_ folder: ProjectFolder, for settings: ProjectSettings) throws {
    guard let present = try self.settings(in: folder.path) else {
      try JSONFile.write(settings, to: folder.settings)
      return
    }
    guard present == settings else {
      throw EngineError.otherSettings(
        path: folder.path, found: "other settings (project.json)", expected: "its own")
    }
  }
}

/// Why a stage failed, as text that crosses threads.
struct StageFailure: Error {
  let text: String
  /// Nil where the work itself failed.
  let fault: JobSnapshot.Fault?
  /// A setting has the name that it has in the project's file.
  init(_ error: any Error) {
    text = SettingFault(error).map { $0.sentence { "\($0) (project.json)" } } ?? "\(error)"
    fault =
      if case PipelineError.checks(let rows) = error {
        rows.contains { $0.check.kind == .input } ? .input : .settings
      } else if case TrainingError.halted = error {
        .halted
      } else {
        nil
      }
  }
}
