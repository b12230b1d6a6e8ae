import Store

/// A file of a model as the hub lists it.
public struct HubFile: Sendable, Hashable {
  /// The path in the model's folder.
  public var name: String
  /// Bytes; nil where the hub does not say.
  public var size: Int?
  /// What its content must have.
  public var digest: ContentDigest?
  /// The server's name of a content without a digest.
  var etag: String?
}

/// How the hub names a content.
public enum ContentDigest: Sendable, Hashable {
  /// Of large files.
  case sha256(String)
  /// Of small ones: the name that git has for them.
  case gitBlob(String)

  /// By its length: what an etag may be.
  init?(_ text: String) {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
      return nil
    }
    switch text.utf8.count {
    case 64: self = .sha256(text)
    case 40: self = .gitBlob(text)
    default: return nil
    }
  }

  /// The hexadecimal digits: the name of the blob in a cache.
  var text: String {
    switch self {
    case .sha256(let text), .gitBlob(let text): text
    }
  }
}

/// The files of one revision of a model.
public struct HubListing: Sendable {
  public var repository: RepositoryName
  /// As it was asked for: a branch, a tag or a commit.
  public var revision: String
  /// The commit that it is.
  public var commit: String
  public var files: [HubFile]

  private static let mostBytes = 256 << 20

  /// Asks the hub.
  public init(
    of repository: RepositoryName, revision: String, _ client: HubClient
  ) throws(HubError) {
    guard Self.isSafe(revision) else {
      throw .noRevision(name: "\(repository)", revision: "\"\(revision)\"")
    }
    let base = client.environment.endpoint + "/api/models/\(repository)"
    let url = base + "/revision/\(Address.escaped(revision))?blobs=true"
    let bytes = try client.persistently {
      do {
        return try Self.body(url, client, repository) {
          HubError.noRevision(name: "\(repository)", revision: revision)
        }
      } catch HubError.noRevision(let name, let revision) {
        // Is it the revision that is missing, or all of it?
        _ = try Self.body(base, client, repository) { client.noRepository(repository) }
        throw HubError.noRevision(name: name, revision: revision)
      }
    }
    try self.init(bytes, of: repository, revision: revision)
  }

  private static func body(
    _ url: String, _ client: HubClient, _ repository: RepositoryName, missing: () -> HubError
  ) throws -> [UInt8] {
    let body = Body()
    let answer = try client.exchange(url) { _, piece in
      body.bytes += piece
      if body.bytes.count > mostBytes {
        throw HubError.listing(found: "more than \(mostBytes) bytes", expected: "a list of files")
      }
    }
    guard answer.response.hasContent else {
      throw client.refusal(answer, of: repository, missing: missing())
    }
    return body.bytes
  }

  private final class Body { var bytes: [UInt8] = [] }

  /// Reads what the hub has answered.
  ///
  /// - Throws: `HubError.listing` and `HubError.unsafeName`.
  package init(
    _ bytes: [UInt8], of repository: RepositoryName, revision: String
  ) throws(HubError) {
    let expected = "the description of a model, with its commit (sha) and its files (siblings)"
    let value: JSONValue
    do throws(JSONDocument.Failure) {
      let document = try JSONDocument(parsing: bytes)
      value = JSONValue(document.root, of: document)
    } catch {
      let start = String(decoding: bytes.prefix(40), as: UTF8.self).filter { !$0.isNewline }
      throw .listing(found: bytes.isEmpty ? "nothing" : "\"\(start)...\"", expected: expected)
    }
    guard case .object(let members) = value else {
      throw .listing(found: value.shown, expected: expected)
    }
    guard case .text(let sha)? = members["sha"], Self.isCommit(sha) else {
      throw .listing(found: "sha \(members["sha"]?.shown ?? "missing")", expected: expected)
    }
    guard case .list(let siblings)? = members["siblings"] else {
      throw .listing(
        found: "siblings \(members["siblings"]?.shown ?? "missing")", expected: expected)
    }
    self.repository = repository
    self.revision = revision
    commit = sha
    files = []
    var known: [String: HubFile] = [:]
    for sibling in siblings {
      let file = try Self.file(sibling)
      if let other = known.updateValue(file, forKey: file.name) {
        guard other != file else { continue }
        throw .listing(found: "two contents of \(file.name)", expected: "one a name")
      }
      files.append(file)
    }
    for file in files {
      var parent = Folder.parent(of: file.name)
      while parent.contains("/") || known[parent] != nil {
        if known[parent] != nil {
          throw .listing(
            found: "\(parent) as a file and as the folder of \(file.name)", expected: "one of them")
        }
        parent = Folder.parent(of: parent)
      }
    }
  }

  private static func file(_ value: JSONValue) throws(HubError) -> HubFile {
    guard case .object(let members) = value, case .text(let name)? = members["rfilename"] else {
      throw .listing(found: value.shown, expected: "a file with its rfilename")
    }
    guard isSafe(name) else { throw .unsafeName(file: name) }
    var file = HubFile(name: name)
    if case .integer(let size)? = members["size"], size >= 0 { file.size = size }
    if case .text(let text)? = members["blobId"] { file.digest = ContentDigest(text) }
    if case .object(let lfs)? = members["lfs"] {
      // Its blob is that of the pointer, not of the content.
      file.digest = nil
      if case .text(let text)? = lfs["sha256"] ?? lfs["oid"] {
        file.digest = ContentDigest(String(text.trimmingPrefix("sha256:")))
      }
      if case .integer(let size)? = lfs["size"], size >= 0 { file.size = size }
    }
    return file
  }

  private static func isCommit(_ text: String) -> Bool {
    (7...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  /// Whether a name stays in the folder that it is put into.
  public static func isSafe(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return name.utf8.count <= 1024
      && parts.allSatisfy { part in
        !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 200
          && part.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\\" }
      }
  }
}
