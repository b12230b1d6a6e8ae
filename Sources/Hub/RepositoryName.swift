/// A model of the hub as people name it: OWNER/NAME, and a file of it behind a colon.
public struct RepositoryName: Sendable, Hashable, CustomStringConvertible {
  public let owner: String
  public let name: String

  public var description: String { "\(owner)/\(name)" }

  private static let longest = 96

  /// Nil for what the hub takes for no name.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, text.utf8.count <= Self.longest, parts.allSatisfy(Self.isPart) else {
      return nil
    }
    (owner, name) = (parts[0], parts[1])
  }

  /// OWNER/NAME, or OWNER/NAME:FILE.
  ///
  /// - Throws: `HubError.name`.
  public static func parse(
    _ text: String
  ) throws(HubError) -> (repository: RepositoryName, file: String?) {
    guard let colon = text.firstIndex(of: ":") else {
      guard let repository = RepositoryName(text) else { throw .name(found: text) }
      return (repository, nil)
    }
    let file = String(text[text.index(after: colon)...])
    guard let repository = RepositoryName(String(text[..<colon])), !file.isEmpty else {
      throw .name(found: text)
    }
    return (repository, file)
  }

  private static func isPart(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    let isEdge = { (byte: UInt8) in byte != UInt8(ascii: "-") && byte != UInt8(ascii: ".") }
    return isEdge(first) && isEdge(last) && !text.contains("--") && !text.contains("..")
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || [0x2D, 0x2E, 0x5F].contains($0)
      }
  }
}
