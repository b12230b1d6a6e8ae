import Foundation
import Hub
import HubServer
import Store
import Testing

/// Servers that send something else with status 200, and listings that contradict themselves.
@Suite struct SubstituteTests {
  private static let page = "\n<!DOCTYPE html><html><body>Please log in</body></html>"
  private static let pointer = """
    version https://git-lfs.github.com/spec/v1
    oid sha256:\(String(repeating: "a", count: 64))
    size 300007

    """

  /// The error of a fetch in which `file` has another content.
  private func refusal(
    _ place: PullPlace, _ file: String, _ content: Data, isDescribed: Bool
  ) throws -> (error: HubError?, log: Int) {
    let (model, asked) = (place.model, Counter())
    let names = model.files.map { "{\"rfilename\": \"\($0.name)\"}" }.joined(separator: ", ")
    let bare = "{\"sha\": \"\(model.commit)\", \"siblings\": [\(names)]}"
    let error = #expect(throws: HubError.self) {
      try place.pull { request in
        var reply = model.reply(request)
        guard request.path.contains("/resolve/") else {
          if !isDescribed { reply.body = Data(bare.utf8) }
          return reply
        }
        if request.path.hasSuffix("/" + file) {
          if request.method == "GET" { _ = asked.next() }
          // Whatever range was asked for.
          reply.status = 200
          reply.headers["Content-Range"] = nil
          reply.body = content
        }
        // Nobody can tell by an etag of this kind what the content must be.
        if !isDescribed { reply.headers["ETag"] = "\"v1-\(request.path.hashValue.magnitude)\"" }
        return reply
      }
    }
    return (error, asked.next())
  }

  @Test(arguments: [true, false], ["config.json", "model.safetensors"])
  func pagesAndPointersAreNoFilesOfAModel(isDescribed: Bool, file: String) throws {
    for (content, words) in [(Self.page, "web page"), (Self.pointer, "git-lfs")] {
      let place = try PullPlace()
      let (error, asked) = try refusal(
        place, file, Data(content.utf8), isDescribed: isDescribed)
      guard case .content(file, let found, _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(found.contains(words), "\(found)")
      // To ask again for the same would only cost time.
      #expect(asked == 1)
      #expect(!place.isSeen)
      #expect(place.cache.commit(of: "main", place.repository) == nil)
      #expect(!place.blobs.contains { $0.hasSuffix(".incomplete") })
    }
  }

  /// One that an earlier run has taken for the file is fetched anew.
  @Test func aPointerThatStandsThereIsReplaced() throws {
    let place = try PullPlace()
    let model = place.model
    try place.pull { model.reply($0) }
    let blob =
      place.cache.folder(of: place.repository) + "/blobs/"
      + (try Digest.sha256(PullPlace.weights))
    var damaged = Data(Self.pointer.utf8)
    damaged.append(Data(count: PullPlace.weights.count - damaged.count))
    try damaged.write(to: URL(fileURLWithPath: blob))
    try place.pull { model.reply($0) }
    #expect(place.data("model.safetensors") == PullPlace.weights)
  }

  @Test func aWholeAnswerThatIsTooShortIsAskedForTwice() throws {
    let place = try PullPlace()
    let (error, asked) = try refusal(
      place, "model.safetensors", PullPlace.weights.prefix(1_000), isDescribed: true)
    guard case .content(_, let found, let expected)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found == "1000 bytes" && expected.contains("300007"))
    #expect(asked == 2)
    #expect(!place.isSeen)
  }

  @Test(arguments: [
    (#"{"rfilename": "a.json", "size": 1}, {"rfilename": "a.json", "size": 2}"#, "two contents"),
    (#"{"rfilename": "a.json"}, {"rfilename": "a.json/b/c.json"}"#, "as a file and as the folder"),
    (#"{"rfilename": "a/b/c.json"}, {"rfilename": "a"}"#, "as a file and as the folder"),
  ])
  func contradictionsOfAListingAreRefused(siblings: String, words: String) throws {
    let place = try PullPlace()
    let text = "{\"sha\": \"\(place.model.commit)\", \"siblings\": [\(siblings)]}"
    let error = try #require(throws: HubError.self) {
      try HubListing(Array(text.utf8), of: place.repository, revision: "main")
    }
    #expect(error.message.contains(words), "\(error.message)")
  }

  @Test func theSameNameTwiceIsOneFile() throws {
    let place = try PullPlace()
    let text = """
      {"sha": "\(place.model.commit)", "siblings": [{"rfilename": "a/b", "size": 1}, \
      {"rfilename": "a/b", "size": 1}, {"rfilename": "a/c"}]}
      """
    let listing = try HubListing(Array(text.utf8), of: place.repository, revision: "main")
    #expect(listing.files.map(\.name) == ["a/b", "a/c"])
  }
}
