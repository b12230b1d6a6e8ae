import EngineInterface
import EngineLink
import Foundation
import Glibc
import Testing

/// Whatever comes over the socket, the engine goes on and the others are served.
@Suite(.serialized) struct HostilePeerTests {
  @Test(
    arguments: [
      (Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), "GET / HTTP/1.1"),
      ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "00 01 02"),
      (RawPeer.frame("{}", version: 9), "version 9"),
      (RawPeer.frame("", count: .max), "4294967295 bytes"),
      (RawPeer.frame("{\"command\":{\"_0\":{\"pause\":{}}}}"), "No greeting came first"),
      (RawPeer.frame("{\"sing\":{}}"), "sing"),
      (RawPeer.frame("[[[[[["), "[[[["),
      (RawPeer.greeting + RawPeer.greeting, "second greeting"),
      (RawPeer.greeting + RawPeer.frame("{\"command\":{\"_0\":{\"fly\":{}}}}"), "fly"),
    ] as [([UInt8], String)])
  func nonsenseIsRefusedWithAReason(bytes: [UInt8], reason: String) async throws {
    let served = try Served()
    let screen = try served.screen()
    let peer = try RawPeer(folder: served.folder)
    peer.write(bytes)
    let answer = await peer.readAllText()
    #expect(answer.contains("refused") && answer.contains(reason), "\(answer)")
    served.engine.showCorpus(1)
    #expect(await screen.corpus(1) != nil)
    #expect(served.engine.asked.isEmpty)
  }

  @Test func oneThatDiesInTheMiddleOfAMessageIsForgotten() async throws {
    let served = try Served()
    for cut in [1, 3, 7, 8, 20] {
      let peer = try RawPeer(folder: served.folder)
      peer.write(Array(RawPeer.greeting.prefix(cut)))
    }
    do {
      let peer = try RawPeer(folder: served.folder)
      peer.write(RawPeer.greeting + RawPeer.frame("{\"command\"", count: 500))
    }
    let screen = try served.screen()
    served.engine.showCorpus(1)
    #expect(await screen.corpus(1) != nil)
    #expect(await screen.link { $0.controllers == 1 } != nil)
  }

  @Test func oneThatSaysNothingIsSentAway() async throws {
    let served = try Served()
    let peer = try RawPeer(folder: served.folder)
    #expect(await peer.readAllText().contains("No greeting"))
  }

  @Test func aFloodOfCommandsIsTaken() async throws {
    let served = try Served()
    let screen = try served.screen()
    for number in 0..<5000 { screen.client.send(.flipChunk(number)) }
    #expect(try await served.waits { $0.count == 5000 })
    #expect(served.engine.asked == (0..<5000).map { .flipChunk($0) })
  }

  private func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "miniplm-link-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test func whatADeadProcessHasLeftIsNobody() async throws {
    let folder = try folder()
    #expect(throws: LinkError.notThere(folder: folder)) {
      try LinkClient(folder: folder, isReadOnly: false, program: "", advice: "")
    }
    close(try RawPeer.listen(folder: folder))
    #expect(throws: LinkError.notThere(folder: folder)) {
      try LinkClient(folder: folder, isReadOnly: false, program: "", advice: "")
    }
    // Whoever holds the project takes the name over.
    let engine = FakeEngine()
    let server = try LinkServer(
      engine: engine, folder: folder,
      settings: LinkServer.Settings(program: "fake", engine: "fake"))
    server.start()
    let screen = Screen(
      try LinkClient(folder: folder, isReadOnly: false, program: "", advice: ""))
    engine.showCorpus(1)
    #expect(await screen.corpus(1) != nil)
    server.close()
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func anEngineThatDiesIsToldAndWhatWasShownStays() async throws {
    let folder = try folder()
    let listener = try RawPeer.listen(folder: folder)
    defer { close(listener) }
    // The screen's side waits for the welcome.
    let talking = Task.detached {
      let peer = await RawPeer.accepted(listener)
      peer.write(
        RawPeer.frame("{\"welcome\":{\"program\":\"x\"}}")
          + RawPeer.frame(
            "{\"event\":{\"_0\":{\"notice\":{\"_0\":{\"level\":\"info\",\"text\":\"last\",\"time\":\"\"}}}}}"
          ))
    }
    let made = await RawPeer.away {
      Result {
        try LinkClient(folder: folder, isReadOnly: false, program: "", advice: "Open it again.")
      }
    }
    let client = try made.get()
    await talking.value
    let screen = Screen(client)
    #expect(await screen.notice("last") != nil)
    let told = await screen.notice("has gone")
    #expect(told?.level == .error && told?.text.hasSuffix("Open it again.") == true)
    let link = await screen.link { $0.loss != nil }
    #expect(link?.obstacle != nil)
    guard case .lost = client.parting else {
      Issue.record("\(client.parting)")
      return
    }
  }

  @Test(arguments: [
    (RawPeer.frame("{}", version: 7), LinkError.version(found: 7, expected: 2)),
    (
      RawPeer.frame("{\"refused\":{\"reason\":\"No.\"}}"), LinkError.refused("No.")
    ),
    (Array("SSH-2.0-OpenSSH".utf8), LinkError.garbage(found: "\"SSH-2.0-OpenSSH\"")),
  ])
  func whatIsNoEngineIsNamed(bytes: [UInt8], error: LinkError) async throws {
    let folder = try folder()
    let listener = try RawPeer.listen(folder: folder)
    defer { close(listener) }
    let talking = Task.detached {
      let peer = await RawPeer.accepted(listener)
      peer.write(bytes)
      _ = await peer.readAll()
    }
    let made = await RawPeer.away {
      Result { try LinkClient(folder: folder, isReadOnly: false, program: "", advice: "") }
    }
    #expect(throws: error) { try made.get() }
    await talking.value
  }
}
