import Foundation
import Hub
import HubServer
import Store
import Testing

/// What the hub refuses, and where it leads.
@Suite struct RefusalTests {
  private func failure(
    token: String? = nil, file: String? = nil, _ place: PullPlace? = nil,
    _ answer: @escaping @Sendable (HubServer.Request) -> HubServer.Reply?
  ) throws -> HubError {
    let place = try place ?? PullPlace()
    do {
      try place.pull(token: token, file: file, answer)
    } catch let error as HubError {
      #expect(!place.isSeen)
      #expect(!error.hint.isEmpty)
      return error
    }
    throw Failure(text: "it was fetched")
  }

  private struct Failure: Error { var text: String }

  @Test(arguments: [401, 403]) func whatMayNotBeReadIsExplained(status: Int) throws {
    let without = try failure { _ in HubServer.Reply(status) }
    #expect(without.description.contains("HF_TOKEN"))
    let with = try failure(token: "hf_secret") { _ in
      HubServer.Reply(status, ["X-Error-Message": "Access to model owner/tiny is restricted."])
    }
    #expect(with.description.contains("accept its conditions"))
    #expect(with.description.contains("is restricted"))
    #expect(!with.description.contains("hf_secret"))
  }

  @Test func whatIsMissingIsNamed() throws {
    let place = try PullPlace()
    let model = place.model
    let repository = try failure { _ in HubServer.Reply(404) }
    guard case .noRepository = repository else {
      Issue.record("\(repository)")
      return
    }
    let revision = try failure { request in
      request.path.contains("/revision/") ? HubServer.Reply(404) : model.reply(request)
    }
    #expect(revision == .noRevision(name: PullPlace.name, revision: "main"))
    let file = try failure(file: "model.gguf") { model.reply($0) }
    #expect(file.description.contains("config.json"))
    let lost = try failure { request in
      request.path.hasSuffix("config.json") ? HubServer.Reply(404) : model.reply(request)
    }
    #expect(lost == .noFile(name: PullPlace.name, file: "config.json", others: []))
  }

  @Test func aTokenGoesToItsOwnHostAlone() throws {
    let place = try PullPlace()
    let model = place.model
    let store = try HubServer { model.reply($0) }
    defer { store.stop() }
    let address = store.address
    let log = try place.pull(token: "hf_secret") { request in
      guard request.path.contains("/resolve/") else { return model.reply(request) }
      // First to the same host, as renamed models have it, then to the store of files.
      return request.path.hasPrefix("/moved")
        ? HubServer.Reply(302, ["Location": address + request.path.dropFirst("/moved".count)])
        : HubServer.Reply(307, ["Location": "/moved" + request.path])
    }
    #expect(place.data("model.safetensors") == PullPlace.weights)
    #expect(log.allSatisfy { $0.headers["authorization"] == "Bearer hf_secret" })
    #expect(store.log.count == 3)
    #expect(store.log.allSatisfy { $0.headers["authorization"] == nil })
  }

  @Test func redirectsEnd() throws {
    let place = try PullPlace()
    let model = place.model
    for location in ["/loop", "file:///etc/passwd", "ftp://127.0.0.1/x", ""] {
      let error = try failure(place) { request in
        request.path.hasPrefix("/api")
          ? model.reply(request) : HubServer.Reply(302, ["Location": location])
      }
      guard case .redirect = error else {
        Issue.record("\(location): \(error)")
        continue
      }
    }
  }

  /// A store of files whose address has ended is asked for another one.
  @Test func anAddressThatHasEndedIsMadeAgain() throws {
    let place = try PullPlace()
    let model = place.model
    let times = Counter()
    let store = try HubServer { times.next() == 0 ? HubServer.Reply(403) : model.reply($0) }
    defer { store.stop() }
    let address = store.address
    try place.pull { request in
      request.path.contains("/resolve/")
        ? HubServer.Reply(302, ["Location": address + request.path]) : model.reply(request)
    }
    #expect(place.data("model.safetensors") == PullPlace.weights)
  }

  @Test(arguments: [
    "../evil", "/etc/passwd", "a/../../b", "a//b", "./a", "a\\\\b", "a\\u0000b", "a\\nb", "..",
  ])
  func namesThatLeadOutAreRefused(name: String) throws {
    let place = try PullPlace()
    let commit = place.model.commit
    let error = try failure(place) { _ in
      let text = """
        {"sha": "\(commit)", "siblings": [{"rfilename": "config.json"}, {"rfilename": "\(name)"}]}
        """
      return HubServer.Reply(body: Data(text.utf8))
    }
    guard case .unsafeName = error else {
      Issue.record("\(name): \(error)")
      return
    }
  }

  @Test(arguments: [
    "", "<html>login</html>", "[]", "{}", "{\"sha\": 5, \"siblings\": []}",
    "{\"sha\": \"../../etc\", \"siblings\": []}", "{\"sha\": \"c0ffee12c0ffee12\"}",
  ])
  func anAnswerThatIsNoListingIsRefused(text: String) throws {
    let error = try failure { _ in HubServer.Reply(body: Data(text.utf8)) }
    guard case .listing = error else {
      Issue.record("\(text): \(error)")
      return
    }
  }

  @Test func aStopIsObeyedAndGoneOnFrom() throws {
    let place = try PullPlace()
    let model = place.model
    let asked = Counter()
    #expect(throws: HubError.stopped) {
      try place.pull(goesOn: { asked.next() < 60 }) { request in
        var reply = model.reply(request)
        reply.pieceMicroseconds = 10_000
        return reply
      }
    }
    #expect(!place.isSeen)
    try place.pull { model.reply($0) }
    #expect(place.data("model.safetensors") == PullPlace.weights)
  }

  @Test func waitingForAServerIsStopped() throws {
    let place = try PullPlace()
    let asked = Counter()
    #expect(throws: HubError.stopped) {
      try place.pull(goesOn: { asked.next() < 8 }) { _ in
        HubServer.Reply(429, ["Retry-After": "200"])
      }
    }
  }
}
