import EngineInterface
import EngineLink
import Foundation
import Testing

/// Screens in other processes, with a made-up engine on the other side.
@Suite(.serialized) struct LinkTests {
  @Test func commandsGoThereAndEventsComeBack() async throws {
    let served = try Served()
    served.engine.showCorpus(1)
    served.engine.note("before")
    let screen = try served.screen()
    // What there was before it came, in the order in which a screen needs it.
    #expect(await screen.notice("before") != nil)
    #expect(await screen.corpus(1) != nil)
    served.engine.showCorpus(2)
    #expect(await screen.corpus(2) != nil)
    screen.client.send(.setRatio(0.25))
    screen.client.send(.start(.train))
    #expect(try await served.waits { $0 == [.setRatio(0.25), .start(.train)] })
    screen.client.send(.shutDown(saving: true))
    #expect(await screen.next { if case .ended = $0 { true } else { nil } } == true)
    #expect(screen.client.parting == .endedAsAsked)
    // Its socket goes with it.
    served.server.close()
    #expect(!FileManager.default.fileExists(atPath: served.folder + "/.engine.sock"))
  }

  @Test func aScreenThatGoesLeavesTheEngineAtWork() async throws {
    let served = try Served()
    for round in 1...3 {
      let screen = try served.screen()
      served.engine.showCorpus(round)
      #expect(await screen.corpus(round) != nil)
      screen.client.close()
      #expect(screen.client.parting == .detached)
    }
    #expect(served.engine.asked.isEmpty)
  }

  @Test func severalSteerAndLookAndKnowOfEachOther() async throws {
    let served = try Served()
    let (first, second) = (try served.screen(), try served.screen())
    let viewers = try (0..<3).map { _ in try served.screen(isReadOnly: true) }
    for screen in [first, second] + viewers {
      let link = await screen.link { $0.controllers == 2 && $0.viewers == 3 }
      #expect(link?.engine == "process 7 (fake)")
      #expect(link?.isReadOnly == viewers.contains { $0 === screen })
    }
    first.client.send(.pause)
    #expect(try await served.waits { $0 == [.pause] })
    second.client.send(.resume)
    #expect(try await served.waits { $0 == [.pause, .resume] })
    viewers[0].client.close()
    #expect(await first.link { $0.viewers == 2 } != nil)
    #expect(first.seen.count < 20)
  }

  @Test func whoOnlyLooksChangesNothing() async throws {
    let served = try Served()
    let viewer = try served.screen(isReadOnly: true)
    for command in Samples.commands where !command.onlyLooks { viewer.client.send(command) }
    viewer.client.send(.listChunks(ChunkQuery(count: 3)))
    #expect(try await served.waits { !$0.isEmpty })
    #expect(served.engine.asked == [.listChunks(ChunkQuery(count: 3))])
    #expect(await viewer.notice("only looks") != nil)
  }

  @Test func answersGoToWhoHasAsked() async throws {
    let served = try Served()
    let (first, second) = (try served.screen(), try served.screen())
    let queries = [
      ChunkQuery(filter: .source("prose"), count: 5), ChunkQuery(filter: .source("code"), count: 5),
    ]
    first.client.send(.listChunks(queries[0]))
    #expect(try await served.waits { $0.count == 1 })
    // The engine knows one question at a time: the second waits for the answer to the first.
    second.client.send(.listChunks(ChunkQuery(filter: .source("code"), count: 4)))
    second.client.send(.listChunks(queries[1]))
    second.client.send(.pause)
    #expect(try await served.waits { $0 == [.listChunks(queries[0]), .pause] })
    served.engine.tell(.chunkRows(ChunkRows(query: queries[0], rows: [], total: 1)))
    #expect(
      try await served.waits { $0 == [.listChunks(queries[0]), .pause, .listChunks(queries[1])] })
    served.engine.tell(.chunkRows(ChunkRows(query: queries[1], rows: [], total: 2)))
    served.engine.note("after")
    for (screen, total) in [(first, 1), (second, 2)] {
      #expect(await screen.notice("after") != nil)
      // An answer goes out with the notice that follows it, behind it.
      served.engine.showCorpus(total)
      #expect(await screen.corpus(total) != nil)
      let totals = screen.seen.compactMap {
        if case .chunkRows(let rows) = $0 { rows.total } else { nil }
      }
      #expect(totals == [total])
    }
  }

  @Test func aSlowScreenGetsEveryNoticeAndTheNewestPicture() async throws {
    let served = try Served()
    let slow = try RawPeer(folder: served.folder)
    slow.write(RawPeer.greeting)
    let quick = try served.screen()
    for number in 1...400 {
      served.engine.showCorpus(number, bytes: 200_000)
      served.engine.note("notice \(number);")
    }
    // Nobody waits for the one that does not read.
    #expect(await quick.notice("notice 400;") != nil)
    #expect(await quick.corpus(400) != nil)
    served.engine.end()
    let text = await slow.readAllText()
    let places = (1...400).map { text.range(of: "notice \($0);")?.lowerBound }
    #expect(places.allSatisfy { $0 != nil })
    #expect(
      zip(places, places.dropFirst()).allSatisfy { ($0 ?? text.endIndex) < ($1 ?? text.startIndex) }
    )
    #expect(text.contains("\"documents\":400,") || text.contains("\"documents\":400}"))
    #expect(text.hasSuffix("{\"event\":{\"_0\":{\"ended\":{}}}}"), "\(text.suffix(100))")
    // Of 80 MB of pictures it was spared most.
    #expect(text.utf8.count < 40_000_000, "\(text.utf8.count)")
  }

  @Test func anEngineThatNobodyNeedsIsAskedToEnd() async throws {
    let served = try Served(idleSeconds: 0.3)
    served.engine.showJob(.running)
    let screen = try served.screen()
    #expect(await screen.next { if case .job = $0 { true } else { nil } } == true)
    screen.client.close()
    // The work goes on without a screen.
    try await Task.sleep(for: .milliseconds(900))
    #expect(served.engine.asked.isEmpty)
    served.engine.showJob(.done)
    #expect(try await served.waits { $0 == [.shutDown(saving: true)] })
  }

  @Test func aFolderMayLieDeep() async throws {
    let served = try Served(folder: "\(UUID().uuidString)/" + String(repeating: "deep", count: 40))
    let screen = try served.screen()
    served.engine.showCorpus(3)
    #expect(await screen.corpus(3) != nil)
  }

  @Test func onlyItsUserMayUseTheSocket() throws {
    let served = try Served()
    let attributes = try FileManager.default.attributesOfItem(
      atPath: served.folder + "/.engine.sock")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }
}
