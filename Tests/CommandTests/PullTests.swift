import Foundation
import HubServer
import Testing

/// Fetching a model as people do it: with variables, signals and exit codes.
@Suite struct PullTests {
  private let place: Workplace
  private static let name = "owner/tiny"

  init() throws { place = try Workplace() }

  /// A model whose weights come so slowly that a test can look at it meanwhile, at first.
  private func model(files: [String: String] = [:]) throws -> HubModel {
    let weights = Data((0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 40_503 >> 7) })
    try weights.write(to: URL(fileURLWithPath: place.path + "/content"))
    let digest = try Program.shell("sha256sum content | cut -d' ' -f1", in: place.path).lines[0]
    var all = [HubModel.File("model.safetensors", weights, digest: digest, isLarge: true)]
    for (name, text) in ["config.json": "{\"model_type\": \"qwen2\"}"].merging(
      files, uniquingKeysWith: { $1 })
    {
      let content = Data(text.utf8)
      try (Data("blob \(content.count)\u{0}".utf8) + content).write(
        to: URL(fileURLWithPath: place.path + "/content"))
      let sha1 = try Program.shell("sha1sum content | cut -d' ' -f1", in: place.path).lines[0]
      all.append(HubModel.File(name, content, digest: sha1, isLarge: false))
    }
    return HubModel(Self.name, all)
  }

  private func environment(_ server: HubServer) -> [String: String] {
    [
      "HF_ENDPOINT": server.address, "HF_HOME": place.path + "/hf", "HF_HUB_CACHE": "",
      "HF_TOKEN": "", "HF_HUB_OFFLINE": "", "HF_HUB_DOWNLOAD_TIMEOUT": "5",
    ]
  }

  private func running(_ arguments: [String], _ server: HubServer) throws -> Program.Running {
    try Program.Running(["pull"] + arguments, in: place.path, environment: environment(server))
  }

  /// Serves weights slowly until `isFast` says so.
  private func slowServer(_ model: HubModel, _ isFast: Switch) throws -> HubServer {
    try HubServer { request in
      var reply = model.reply(request)
      if !isFast.isOn { reply.pieceMicroseconds = 50_000 }
      return reply
    }
  }

  private func waitForPart(_ folder: String, _ call: Program.Running) {
    for _ in 0..<2000 where call.isRunning {
      let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      let size = names.filter { $0.hasSuffix(".incomplete") }.compactMap {
        FileManager.default.contents(atPath: folder + "/" + $0)?.count
      }.max()
      // More than a buffer has been handed to the system.
      if let size, size > 100_000 { return }
      usleep(10_000)
    }
  }

  @Test(arguments: [SIGKILL, SIGTERM]) func theSameCommandGoesOn(signal: Int32) throws {
    let (model, isFast) = (try model(), Switch())
    let server = try slowServer(model, isFast)
    defer { server.stop() }
    for arguments in [[Self.name], [Self.name, "-o", "out"]] {
      isFast.turn(false)
      let first = try running(arguments, server)
      waitForPart(place.path, first)
      first.signal(signal)
      let end = first.end()
      #expect(signal == SIGKILL ? end.wasKilled : end.status == 4, "\(end.errors)")
      #expect(!place.exists("out"))
      #expect(place.names("hf/hub/models--owner--tiny/snapshots") == [])
      isFast.turn(true)
      let asked = server.log.count
      let second = try running(arguments + ["--json"], server).end()
      #expect(second.status == 0, "\(second.errors)")
      let ranges = server.log.dropFirst(asked).compactMap { $0.headers["range"] }
      #expect(ranges.count == 1 && ranges.first != "bytes=0-", "\(ranges)")
      let result = try #require(try second.json() as? [String: Any])
      let path = try #require(result["path"] as? String)
      for file in model.files {
        let found = FileManager.default.contents(
          atPath: path.hasPrefix("/")
            ? "\(path)/\(file.name)" : "\(place.path)/\(path)/\(file.name)")
        #expect(found == file.content, "\(path)/\(file.name)")
      }
      try FileManager.default.removeItem(
        atPath: place.path + (arguments.count == 1 ? "/hf" : "/out"))
      #expect(place.names(".").filter { $0.contains("out") } == [])
    }
  }

  @Test func twoAtOnceAreTold() throws {
    let (model, isFast) = (try model(), Switch())
    let server = try slowServer(model, isFast)
    defer { server.stop() }
    let first = try running([Self.name], server)
    waitForPart(place.path + "/hf", first)
    let second = try running([Self.name], server).end()
    #expect(second.status == 1)
    #expect(second.errors.contains("is being written by process \(first.number) "))
    first.signal(SIGTERM)
    #expect(first.end().status == 4)
  }

  @Test func whatIsRefusedHasItsCode() throws {
    let model = try model(files: ["pytorch_model.bin": "x"])
    let server = try HubServer { request in
      request.path.contains("/gated") ? HubServer.Reply(403) : model.reply(request)
    }
    defer { server.stop() }
    for (arguments, code, words) in [
      (["tiny"], 2, "OWNER/NAME"), (["owner/other"], 3, "no model owner/other"),
      (["owner/gated"], 3, "HF_TOKEN"), (["owner/tiny:pytorch_model.bin"], 3, "run code"),
      (["owner/tiny:none.gguf"], 3, "model.safetensors"),
      (["owner/tiny", "--revision", "../x"], 3, "revision"),
    ] as [([String], Int32, String)] {
      let outcome = try running(arguments, server).end()
      #expect(outcome.status == code, "\(arguments): \(outcome.status) \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
    }
    try place.write("x", to: "file")
    let occupied = try running([Self.name, "-o", "file"], server).end()
    #expect(occupied.status == 3 && occupied.errors.contains("exists already"))
    var offline = environment(server)
    offline["HF_HUB_OFFLINE"] = "1"
    let outcome = try Program.run(["pull", Self.name], in: place.path, environment: offline)
    #expect(outcome.status == 2 && outcome.errors.contains("HF_HUB_OFFLINE"))
  }

  @Test func aServerThatIsNotThereIsNamed() throws {
    let server = try HubServer { _ in nil }
    server.stop()
    let outcome = try running([Self.name, "-q"], server).end()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("127.0.0.1:\(server.port) cannot be reached"))
    #expect(!place.exists("hf/hub/.locks/models--owner--tiny"))
  }
}

/// What a test turns while another thread looks at it.
private final class Switch: @unchecked Sendable {
  // Sendable: every access holds the lock.
  private let lock = NSLock()
  private var value = false

  var isOn: Bool { lock.withLock { value } }
  func turn(_ on: Bool) { lock.withLock { value = on } }
}
