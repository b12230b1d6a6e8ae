public import Foundation

/// A model as a hub has it, served well; a test replaces answers where the server is to misbehave.
public struct HubModel: Sendable {
  public struct File: Sendable {
    public var name: String
    public var content: Data
    /// What the listing says.
    public var digest: String
    public var isLarge: Bool
    public var size: Int

    public init(_ name: String, _ content: Data, digest: String, isLarge: Bool) {
      self.name = name
      self.content = content
      self.digest = digest
      self.isLarge = isLarge
      size = content.count
    }
  }

  public var name: String
  public var commit = String(repeating: "c0ffee12", count: 5)
  public var files: [File]

  public init(_ name: String, _ files: [File]) {
    self.name = name
    self.files = files
  }

  public subscript(_ name: String) -> Data? { files.first { $0.name == name }?.content }

  /// The answer of a hub that does everything right, ranges included.
  public func reply(_ request: HubServer.Request) -> HubServer.Reply {
    let path = request.path.split(separator: "?")[0]
    if path.hasPrefix("/api/models/\(name)") { return listing }
    for file in files where path.hasPrefix("/\(name)/resolve/") && path.hasSuffix("/" + file.name) {
      return Self.content(file, range: request.headers["range"], commit: commit)
    }
    return HubServer.Reply(404, ["X-Error-Code": "EntryNotFound"])
  }

  public var listing: HubServer.Reply {
    let siblings = files.map { file in
      file.isLarge
        ? """
        {"rfilename": "\(file.name)", "size": \(file.size), "blobId": "\(String(repeating: "9", count: 40))", \
        "lfs": {"sha256": "\(file.digest)", "size": \(file.size), "pointerSize": 134}}
        """
        : """
        {"rfilename": "\(file.name)", "size": \(file.size), "blobId": "\(file.digest)"}
        """
    }
    let text = """
      {"id": "\(name)", "sha": "\(commit)", "siblings": [\(siblings.joined(separator: ", "))]}
      """
    return HubServer.Reply(200, ["Content-Type": "application/json"], body: Data(text.utf8))
  }

  public static func content(
    _ file: File, range: String?, commit: String
  ) -> HubServer.Reply {
    var headers = ["ETag": "\"\(file.digest)\"", "X-Repo-Commit": commit]
    guard let range, let start = Int(range.dropFirst("bytes=".count).dropLast()) else {
      return HubServer.Reply(200, headers, body: file.content)
    }
    guard start < file.content.count else { return HubServer.Reply(416, headers) }
    headers["Content-Range"] = "bytes \(start)-\(file.content.count - 1)/\(file.content.count)"
    return HubServer.Reply(206, headers, body: Data(file.content[start...]))
  }
}
