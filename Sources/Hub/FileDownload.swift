import Glibc
import Store

/// Fetches one file into its place: it appears there when it is whole and has the digest that the hub
/// names, durably. What has come of it stands beside it, and the next attempt, or the next run, goes on
/// behind that.
final class FileDownload {
  let file: HubFile
  /// Where it goes.
  let path: String
  /// What has come so far.
  private let partial: String
  /// The etag of the server that it came from.
  private let mark: String
  /// Addresses of it, the best one first.
  private var urls: [String]
  private let client: HubClient
  private let repository: RepositoryName
  /// Told how many bytes stand on the disk.
  private let onBytes: (Int) -> Void
  private let goesOn: () -> Bool

  private var output: AppendFile?
  /// Set by the head of the answer that is being taken.
  private var isTaking = false
  private var count = 0
  private var mayResume = true
  /// Whether what stands on the disk came in several parts.
  private var isJoined = false
  /// Bytes of an answer that was whole by its own account, and too short.
  private var shortLength: Int?

  /// The answer does not go on where the file ends.
  private struct Misplaced: Error {}

  init(
    _ file: HubFile, to path: String, partial: String, urls: [String],
    of repository: RepositoryName, _ client: HubClient, goesOn: @escaping () -> Bool,
    onBytes: @escaping (Int) -> Void
  ) {
    self.file = file
    self.path = path
    self.partial = partial
    mark = partial + ".etag"
    self.urls = urls
    self.repository = repository
    self.client = client
    self.goesOn = goesOn
    self.onBytes = onBytes
  }

  /// Whether the file stands in its place already, as the hub has it.
  func isThere() throws(HubError) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    if let size = file.size, Int(status.st_size) != size { return false }
    if SubstituteContent.found(at: path) != nil { return false }
    // Of a file without a digest only its size is known.
    return file.digest == nil ? file.size != nil : try hasDigest(path)
  }

  /// Bytes of it that have come.
  var presentBytes: Int {
    var status = stat()
    return stat(partial, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Fetches what is missing, checks it and puts it into its place.
  func run() throws(HubError) {
    var rounds = 0
    while true {
      rounds += 1
      isJoined = presentBytes > 0
      try fetch()
      if try hasDigest(partial) { break }
      // What was put together may hold a damaged part; what came in one go was sent so.
      let wasJoined = isJoined
      try forget()
      guard wasJoined, rounds == 1 else {
        throw .content(
          file: file.name, found: "other bytes", expected: "those with the digest of the hub")
      }
    }
    do throws(StoreError) {
      try AppendFile(path: partial, keeping: presentBytes).sync()
      try Folder.publish(file: partial, as: path)
      try Folder.remove(mark)
    } catch {
      throw .store(error)
    }
  }

  private func fetch() throws(HubError) {
    if let size = file.size, presentBytes == size, size > 0 { return }
    if let size = file.size, presentBytes > size { try forget() }
    // Without a digest or an etag nobody could tell that two halves are of one file.
    if file.digest == nil, etag == nil { try forget() }
    count = presentBytes
    defer { output = nil }
    try client.persistently(gained: { [self] in count }) { try attempt() }
  }

  private func attempt() throws {
    if output == nil { output = try AppendFile(path: partial, keeping: presentBytes) }
    count = output?.byteCount ?? 0
    if let size = file.size, count == size, size > 0 { return }
    var headers: [String] = []
    if count > 0, mayResume {
      headers.append("Range: bytes=\(count)-")
      if let etag { headers.append("If-Range: \(etag)") }
    }
    isTaking = false
    let asked = !headers.isEmpty
    let answer: HubClient.Answer
    do {
      answer = try client.exchange(urls[0], headers: headers) { [self] response, bytes in
        try take(bytes, response, asked: asked)
      }
    } catch is Misplaced {
      try restart()
      mayResume = false
      throw client.passing(
        .answer(
          host: client.environment.endpoint, status: 206, words: "another part than was asked for"))
    } catch {
      try output?.flush()
      throw error
    }
    try output?.flush()
    try refuseSubstitute()
    let response = answer.response
    if response.status == 416 {
      // The server's file ends before ours does.
      try restart()
      mayResume = false
      throw client.passing(.answer(host: answer.host, status: 416, words: "the file is shorter"))
    }
    if response.status == 404, answer.isOwn, urls.count > 1 {
      urls.removeFirst()
      return try attempt()
    }
    guard response.hasContent else {
      throw client.refusal(
        answer, of: repository,
        missing: .noFile(name: "\(repository)", file: file.name, others: []))
    }
    // An empty body calls nobody.
    if !isTaking { try begin(response, asked: asked) }
    if let size = file.size, count < size {
      try refuseShort(response, size)
      throw client.passing(
        .network(
          host: answer.host, words: "\(file.name) ended after \(count) of \(size) bytes",
          advice: "Run the same command again; what has come is kept."))
    }
  }

  private func take(
    _ bytes: UnsafeRawBufferPointer, _ response: HTTPResponse, asked: Bool
  ) throws {
    if !isTaking { try begin(response, asked: asked) }
    if let size = file.size, count + bytes.count > size {
      if count == 0,
        let found = SubstituteContent.found(
          in: Array(bytes.prefix(SubstituteContent.headLength)))
      {
        try refuse(found)
      }
      try output?.flush()
      try refuseSubstitute()
      try forget()
      throw HubError.content(
        file: file.name, found: "more than \(size) bytes", expected: "\(size) bytes")
    }
    try output?.append(bytes)
    count += bytes.count
    onBytes(count)
  }

  private func begin(_ response: HTTPResponse, asked: Bool) throws {
    isTaking = true
    if response.status == 206 {
      guard asked, let range = ContentRange(response.headers["content-range"] ?? ""),
        range.first == count, range.total == nil || file.size == nil || range.total == file.size
      else { throw Misplaced() }
      isJoined = true
    } else if count > 0 {
      try restart()
    }
    let etag = response.headers["etag"] ?? ""
    // A weak one stands for several contents.
    if etag.hasPrefix("\""), etag.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
      try AtomicFile.write(text: etag, to: mark)
    } else {
      try Folder.remove(mark)
    }
  }

  /// Begins the file anew.
  private func restart() throws(StoreError) {
    isJoined = false
    output = nil
    output = try AppendFile(path: partial, keeping: 0)
    count = 0
    onBytes(0)
  }

  // MARK: - Other contents

  /// Refuses what stands on the disk if it is none of a model's files.
  private func refuseSubstitute() throws(HubError) {
    if let found = SubstituteContent.found(at: partial) { try refuse(found) }
  }

  /// An answer that was cut is gone on with. A whole one that is too short may be a wrong length; the
  /// same again is another file.
  private func refuseShort(_ response: HTTPResponse, _ size: Int) throws(HubError) {
    let isWhole =
      response.headers["content-length"] == "\(count)"
      || response.headers["transfer-encoding"]?.lowercased() == "chunked"
    guard response.status == 200, isWhole else { return }
    if shortLength == count { try refuse("\(count) bytes") }
    shortLength = count
  }

  private func refuse(_ found: String) throws(HubError) {
    try forget()
    throw .content(
      file: file.name, found: found,
      expected: file.size.map { "\($0) bytes of its content" } ?? "its content")
  }

  /// Throws away what has come.
  private func forget() throws(HubError) {
    output = nil
    count = 0
    onBytes(0)
    do throws(StoreError) {
      try Folder.remove(partial)
      try Folder.remove(mark)
    } catch {
      throw .store(error)
    }
  }

  private var etag: String? {
    (try? FileContents.read(mark)).map { String(decoding: $0, as: UTF8.self) }
  }

  private func hasDigest(_ path: String) throws(HubError) -> Bool {
    do throws(StoreError) {
      switch file.digest {
      case .sha256(let text):
        return try FileDigests().sha256(of: path) { [goesOn] _ in goesOn() } == text
      case .gitBlob(let text): return try Digest.gitBlob(file: path) == text
      case nil: return true
      }
    } catch {
      if case .stopped = error { throw .stopped }
      throw .store(error)
    }
  }
}
