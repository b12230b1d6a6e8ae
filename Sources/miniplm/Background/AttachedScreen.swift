import Engine
import EngineInterface
import EngineLink
import Foundation
import Store
import Workbench

/// The workbench on an engine in another process.
struct AttachedScreen {
  let client: LinkClient
  let folder: String
  let options: ScreenArguments
  /// Stands in the status line at first.
  var greeting: String?

  /// Attaches to the engine that serves the project, or starts one; on a file system without sockets,
  /// where nobody could attach, the engine lives and ends with the screen.
  static func open(
    _ folder: String, _ order: BackgroundOrder, options: ScreenArguments
  ) async throws {
    // An unknown theme is refused before anything is started.
    try await options.validate(forFrame: false)
    do {
      let (client, wasThere) = try attach(folder, order)
      let greeting = wasThere ? "Attached to the engine that works here already." : nil
      try await AttachedScreen(
        client: client, folder: folder, options: options, greeting: greeting
      ).run()
    } catch let failure as BackgroundReply.Failure {
      guard failure.lacksSocket else { throw failure.status }
      Output.error("\(failure.text) The engine ends with this screen.")
      let engine = try ProjectEngine(
        folder: folder, settings: order.settings, autopilot: order.autopilot,
        threads: order.threads)
      try await ScreenRun(engine: engine, options: options).run()
    }
  }

  private static func attach(
    _ folder: String, _ order: BackgroundOrder
  ) throws -> (LinkClient, wasThere: Bool) {
    if let client = try EngineServing.client(folder) { return (client, true) }
    do {
      _ = try BackgroundEngine.start(folder, order)
    } catch let failure as BackgroundReply.Failure where failure.isLocked {
      // Somebody else may just be starting it.
      for _ in 0..<10 {
        if let client = try EngineServing.client(folder) { return (client, true) }
        usleep(100_000)
      }
      throw failure
    }
    guard let client = try EngineServing.client(folder) else {
      throw LinkError.notThere(folder: folder)
    }
    return (client, false)
  }

  /// Shows the screen until a person leaves or the engine has ended, and says what became of the work.
  func run() async throws {
    let code: Int32
    do {
      code = try await ScreenRun.show(
        client, options, project: folder, greeting: greeting,
        crashNote: "Work in its engine goes on: 'miniplm attach \(folder)' comes back to it, and "
          + "\(folder)/engine.log has its last words.\n"
      ) {}
    } catch {
      client.close()
      throw error
    }
    client.close()
    switch client.parting {
    case .detached:
      Output.error("Detached: 'miniplm attach \(folder)' comes back as long as work goes on.")
    case .endedByOthers: Output.error("The engine has ended; what it did is in \(folder).")
    case .lost(let text): Output.error("miniplm: \(text)")
    case .endedAsAsked: break
    }
    guard code == 0 else { throw ExitStatus(code: code, text: nil) }
  }

  /// One screen of what the engine shows now, once all of it is there.
  func printOnce(asData: Bool, screen: ScreenID? = nil) async throws {
    let once = OnceOutput(options: options, screen: screen, asData: asData)
    try once.validate()
    await client.waitUntilCaughtUp()
    try once.print(await once.state(client) { [client] in client.close() })
  }

  /// All that the engine shows now; the link is closed then.
  func events() async -> [EngineEvent] {
    await client.waitUntilCaughtUp()
    client.close()
    var events: [EngineEvent] = []
    for await event in client.events { events.append(event) }
    return events
  }
}
