import Foundation
import Hub
import HubServer
import Store
import Testing

/// Whatever a server does: the model is there whole and right, or nothing of it is seen.
@Suite struct MisbehavingServerTests {
  private static let large = "model.safetensors"

  /// Answers for the large file as told, and well for the others.
  private func largeFile(
    _ place: PullPlace, _ answer: @escaping @Sendable (HubServer.Request, Int) -> HubServer.Reply?
  ) -> @Sendable (HubServer.Request) -> HubServer.Reply? {
    let (model, times) = (place.model, Counter())
    return { request in
      request.path.hasSuffix(Self.large) ? answer(request, times.next()) : model.reply(request)
    }
  }

  /// Changes the answers for the large file, which are numbered from 0.
  private func damaged(
    _ place: PullPlace, _ change: @escaping @Sendable (inout HubServer.Reply, Int) -> Void
  ) -> @Sendable (HubServer.Request) -> HubServer.Reply? {
    let model = place.model
    return largeFile(place) { request, time in
      var reply = model.reply(request)
      change(&reply, time)
      return reply
    }
  }

  private func expectWhole(_ place: PullPlace) {
    #expect(place.data(Self.large) == PullPlace.weights)
    #expect(place.data("config.json") == place.model["config.json"])
    #expect(place.data("README.md") == nil)
    #expect(place.blobs.count == 3, "\(place.blobs)")
  }

  private func expectNothing(_ place: PullPlace) {
    #expect(!place.isSeen)
    #expect(place.cache.commit(of: "main", place.repository) == nil)
  }

  @Test func aGoodServerGivesTheModel() throws {
    let place = try PullPlace()
    let model = place.model
    try place.pull { model.reply($0) }
    expectWhole(place)
    #expect(place.cache.commit(of: "main", place.repository) == model.commit)
    let link = try FileManager.default.destinationOfSymbolicLink(
      atPath: place.snapshot + "/config.json")
    #expect(link.hasPrefix("../../blobs/"))
    // Again: only the listing is asked for.
    #expect(try place.pull { model.reply($0) }.count == 1)
  }

  @Test func aConnectionThatBreaksIsGoneOnWith() throws {
    let place = try PullPlace()
    let log = try place.pull(
      attempts: 3,
      damaged(place) { reply, _ in
        reply.cutAfter = 100_000
      })
    expectWhole(place)
    let ranges = log.filter { $0.path.hasSuffix(Self.large) }.map { $0.headers["range"] }
    #expect(ranges == [nil, "bytes=100000-", "bytes=200000-", "bytes=300000-"])
    #expect(log.last?.headers["if-range"] == "\"\(try Digest.sha256(PullPlace.weights))\"")
  }

  @Test func noAnswerAtAllIsTriedAgainAndGivenUp() throws {
    let place = try PullPlace()
    let model = place.model
    try place.pull(largeFile(place) { request, time in time < 3 ? nil : model.reply(request) })
    expectWhole(place)
    let other = try PullPlace()
    #expect { try other.pull(largeFile(other) { _, _ in nil }) } throws: { error in
      if case .network = error as? HubError { return true }
      return false
    }
    expectNothing(other)
  }

  @Test func aServerThatIgnoresRangesSendsItAnew() throws {
    let place = try PullPlace()
    let model = place.model
    try place.pull(
      largeFile(place) { request, time in
        var plain = request
        plain.headers["range"] = nil
        var reply = model.reply(plain)
        if time == 0 { reply.cutAfter = 150_000 }
        return reply
      })
    expectWhole(place)
  }

  @Test(arguments: [0, 7, 100_001])
  func anotherPartThanWasAskedForIsNotTaken(shift: Int) throws {
    let place = try PullPlace()
    try place.pull(
      damaged(place) { reply, time in
        if time == 0 { reply.cutAfter = 100_000 }
        if time == 1 {
          // A part without a word of which, or of another place.
          reply.headers["Content-Range"] =
            shift == 0 ? nil : "bytes \(100_000 + shift)-300006/300007"
        }
      })
    expectWhole(place)
  }

  @Test func aLengthThatIsTooLongIsACutConnection() throws {
    let place = try PullPlace()
    try place.pull(
      damaged(place) { reply, time in
        if time == 0 { reply.claimedLength = reply.body.count + 5_000 }
      })
    expectWhole(place)
  }

  @Test func aLengthThatIsTooShortIsGoneOnWith() throws {
    let place = try PullPlace()
    try place.pull(
      damaged(place) { reply, time in
        if time == 0 { reply.claimedLength = 1_000 }
      })
    expectWhole(place)
  }

  @Test func moreThanTheListingSaysIsRefused() throws {
    let place = try PullPlace()
    #expect {
      try place.pull(
        damaged(place) { reply, _ in
          reply.body.append(contentsOf: [1, 2, 3])
        })
    } throws: { error in
      if case .content = error as? HubError { return true }
      return false
    }
    expectNothing(place)
    #expect(!place.blobs.contains { $0.hasSuffix(".incomplete") })
  }

  @Test func otherBytesAreRefused() throws {
    let place = try PullPlace()
    #expect {
      try place.pull(
        damaged(place) { reply, _ in
          reply.body[200_000] ^= 1
        })
    } throws: { error in
      if case .content(let file, _, _) = error as? HubError { return file == Self.large }
      return false
    }
    expectNothing(place)
  }

  /// A small file is checked as git names it.
  @Test func otherBytesOfASmallFileAreRefused() throws {
    let place = try PullPlace()
    let model = place.model
    #expect(throws: HubError.self) {
      try place.pull { request in
        var reply = model.reply(request)
        if request.path.hasSuffix("/tokenizer.json") { reply.body = Data("[]".utf8) }
        return reply
      }
    }
    expectNothing(place)
  }

  /// What an earlier run has left may be damaged: then the file comes anew.
  @Test func aDamagedPartIsThrownAway() throws {
    let place = try PullPlace()
    let model = place.model
    #expect(throws: HubError.self) {
      try place.pull(
        attempts: 1,
        damaged(place) { reply, _ in
          reply.cutAfter = 120_000
        })
    }
    expectNothing(place)
    let name = try #require(place.blobs.first { $0.hasSuffix(".incomplete") })
    let part = place.cache.folder(of: place.repository) + "/blobs/" + name
    var bytes = try #require(FileManager.default.contents(atPath: part))
    #expect(bytes.count == 120_000)
    bytes[5] ^= 1
    try bytes.write(to: URL(fileURLWithPath: part))
    let log = try place.pull { model.reply($0) }
    expectWhole(place)
    #expect(
      log.filter { $0.path.hasSuffix(Self.large) }.map { $0.headers["range"] } == [
        "bytes=120000-", nil,
      ])
  }

  @Test func aRangeBehindTheEndBeginsAnew() throws {
    let place = try PullPlace()
    let log = try place.pull(
      damaged(place) { reply, time in
        if time == 0 { reply.cutAfter = 50_000 }
        if time == 1 { reply = HubServer.Reply(416) }
      })
    expectWhole(place)
    #expect(log.last?.headers["range"] == nil)
  }

  @Test func aStallIsGivenUpAndGoneOnWith() throws {
    let place = try PullPlace()
    try place.pull(
      damaged(place) { reply, time in
        if time == 0 { reply.stallAfter = 40_000 }
      })
    expectWhole(place)
  }

  @Test func tooManyRequestsWaitAsLongAsIsAsked() throws {
    let place = try PullPlace()
    let model = place.model
    let start = ContinuousClock.now
    try place.pull(
      largeFile(place) { request, time in
        time == 0 ? HubServer.Reply(429, ["Retry-After": "1"]) : model.reply(request)
      })
    #expect(ContinuousClock.now - start >= .seconds(1))
    expectWhole(place)
    let other = try PullPlace()
    #expect {
      try other.pull { _ in HubServer.Reply(429, ["Retry-After": "86400"]) }
    } throws: { error in
      if case .busy(_, let seconds) = error as? HubError { return seconds == 86_400 }
      return false
    }
  }

  @Test(arguments: [500, 502, 503, 504, 408]) func aServerThatCannotJustNowIsAskedAgain(status: Int)
    throws
  {
    let place = try PullPlace()
    let model = place.model
    let times = Counter()
    try place.pull { request in
      times.next() % 2 == 0 ? HubServer.Reply(status) : model.reply(request)
    }
    expectWhole(place)
  }
}
