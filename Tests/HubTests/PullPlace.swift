import Foundation
import Hub
import HubServer
import Store

/// A model of three files, a place for it, and the requests that fetching it makes.
final class PullPlace {
  let path: String
  let model: HubModel
  let repository: RepositoryName
  static let name = "owner/tiny"
  static let names = ModelFileNames(
    configuration: "config.json", weights: "model.safetensors",
    index: "model.safetensors.index.json", small: ["tokenizer.json"])

  /// Weights that are no multiple of any buffer.
  static let weights = Data(
    (0..<300_007).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })

  init() throws {
    repository = try RepositoryName.parse(Self.name).repository
    path = NSTemporaryDirectory() + "miniplm-hub-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    model = HubModel(
      Self.name,
      [
        try Self.small("README.md", "no part of a model", in: path),
        try Self.small("config.json", "{\"model_type\": \"qwen2\"}", in: path),
        try Self.small("tokenizer.json", "{}", in: path),
        HubModel.File(
          "model.safetensors", Self.weights, digest: try Digest.sha256(Self.weights), isLarge: true),
      ])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static func small(_ name: String, _ text: String, in folder: String) throws -> HubModel.File {
    let file = folder + "/content"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    return HubModel.File(
      name, Data(text.utf8), digest: try Digest.gitBlob(file: file), isLarge: false)
  }

  var cache: HubCache { HubCache(path: path + "/hub") }
  var snapshot: String { cache.snapshot(model.commit, of: repository) }

  /// Fetches it from a server that answers as told.
  ///
  /// - Returns: what was asked for.
  @discardableResult
  func pull(
    token: String? = nil, file: String? = nil, stallSeconds: Int = 1, attempts: Int = 4,
    goesOn: @escaping () -> Bool = { true },
    _ answer: @escaping @Sendable (HubServer.Request) -> HubServer.Reply?
  ) throws -> [HubServer.Request] {
    let server = try HubServer(answer)
    defer { server.stop() }
    try pull(
      from: server, token: token, file: file, stallSeconds: stallSeconds, attempts: attempts,
      goesOn: goesOn)
    return server.log
  }

  func pull(
    from server: HubServer, token: String? = nil, file: String? = nil, stallSeconds: Int = 1,
    attempts: Int = 4, goesOn: @escaping () -> Bool = { true }
  ) throws {
    var variables = ["HF_ENDPOINT": server.address, "HF_HOME": path, "HOME": path]
    variables["HF_TOKEN"] = token
    var patience = HubPatience()
    patience.attempts = attempts
    patience.firstPause = 0.01
    patience.stallSeconds = stallSeconds
    let client = try HubClient(HubEnvironment(variables), patience: patience, goesOn: goesOn)
    let listing = try HubListing(of: repository, revision: "main", client)
    let choice = try FileChoice(listing, file: file, names: Self.names)
    let download = ModelDownload(
      listing, to: .cache(cache), client, goesOn: goesOn, report: { _ in })
    _ = try download.fetch(choice.files)
    _ = try download.publish(choice.appearing)
  }

  func data(_ name: String) -> Data? {
    FileManager.default.contents(atPath: snapshot + "/" + name)
  }

  /// Whether anything of the model is seen.
  var isSeen: Bool { FileManager.default.fileExists(atPath: snapshot) }

  /// Names of what lies among the blobs.
  var blobs: [String] {
    (try? FileManager.default.contentsOfDirectory(
      atPath: cache.folder(of: repository) + "/blobs")) ?? []
  }
}

/// What several threads write.
final class Counter: @unchecked Sendable {
  // Sendable: every access holds the lock.
  private let lock = NSLock()
  private var value = 0

  /// Adds one and gives the number before.
  func next() -> Int {
    lock.withLock {
      value += 1
      return value - 1
    }
  }
}
