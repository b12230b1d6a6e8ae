import Engine
import EngineInterface
import EngineLink
import Foundation
import Store

/// The two ends of a link for projects: who serves one, and who comes to it.
enum EngineServing {
  /// Serves a project whose engine this process is to run.
  static func server(
    _ engine: ProjectEngine, idleSeconds: Double? = nil
  ) throws(LinkError) -> LinkServer {
    let words = CommandLine.arguments.dropFirst().joined(separator: " ")
    return try LinkServer(
      engine: engine, folder: engine.folder.path,
      settings: LinkServer.Settings(
        program: Program.nameAndVersion,
        engine: "process \(ProcessInfo.processInfo.processIdentifier) (miniplm \(words))",
        idleSeconds: idleSeconds))
  }

  /// A connection to whoever serves the project in `folder`; nil where nobody does.
  static func client(
    _ folder: String, isReadOnly: Bool = false, isPassing: Bool = false
  ) throws(LinkError) -> LinkClient? {
    do {
      return try LinkClient(
        folder: folder, isReadOnly: isReadOnly, isPassing: isPassing,
        program: Program.nameAndVersion,
        advice:
          "What was saved is on disk: 'miniplm open \(folder)' and 'miniplm run \(folder)' go "
          + "on from there; \(folder)/engine.log has the last words of a background engine.")
    } catch {
      if case .notThere = error { return nil }
      throw error
    }
  }

  /// The error of a project that another process has, with what to do where that one is served.
  static func advised(_ error: StoreError, _ folder: String) throws(LinkError) -> any Error {
    guard let client = try client(folder, isReadOnly: true, isPassing: true) else { return error }
    client.close()
    return ExitStatus(
      code: ExitStatus.code(of: error),
      text: "miniplm: \(error.message) 'miniplm attach \(folder)' comes to its work.")
  }

  /// Who holds a project that nobody serves, as the error of a second program; nil where nobody does.
  static func holder(of folder: String) -> StoreError? {
    guard Folder.exists("\(folder)/\(FolderLock.name)") else { return nil }
    do throws(StoreError) {
      try FolderLock(folder: folder).release()
      return nil
    } catch {
      if case .locked = error { return error }
      return nil
    }
  }
}
