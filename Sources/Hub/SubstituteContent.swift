import Glibc

/// What servers send in place of a file, with status 200: the page of a network that wants a login, or
/// the pointer that git-lfs keeps where the content is elsewhere. No file of a model begins like these.
enum SubstituteContent {
  /// Bytes that are enough to know them.
  static let headLength = 256

  /// - Parameter head: the first bytes of a file.
  /// - Returns: what it is, for people; nil for anything else.
  static func found(in head: [UInt8]) -> String? {
    if head.starts(with: Array("version https://git-lfs.github.com/spec/".utf8)) {
      return "a pointer of git-lfs, which only names the content"
    }
    var bytes = head[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    bytes = bytes.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let start = String(decoding: bytes.prefix(16), as: UTF8.self).lowercased()
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html") ? "a web page (HTML)" : nil
  }

  /// The same of a file; nil where there is none.
  static func found(at path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: headLength)
    let count = pread(descriptor, &head, head.count, 0)
    return found(in: Array(head.prefix(max(0, count))))
  }
}
