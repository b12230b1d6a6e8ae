import Glibc
import Store

/// Names of files as text that leads back to their bytes.
///
/// A name is bytes; most are UTF-8 and stand as they are. A byte that is not is written `\xE9`, and a
/// backslash in front of an x `\x5C`, so that no two names are written alike.
enum FileName {
  /// The text of a name.
  static func text(of bytes: some Collection<UInt8>) -> String {
    let bytes = Array(bytes)
    var text: [UInt8] = []
    var at = 0
    while at < bytes.count {
      let length = sequenceLength(bytes, at)
      if length == 0 || bytes[at] == backslash && at + 1 < bytes.count && bytes[at + 1] == 0x78 {
        text += escape(bytes[at])
        at += 1
      } else {
        text += bytes[at..<at + length]
        at += length
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Calls `body` with the bytes of a path on disk, ended by zero: those of the text where such a file
  /// is there, else with the escaped bytes put back.
  static func withPath<Result>(_ path: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    guard path.contains("\\x"), access(path, F_OK) != 0 else { return path.withCString(body) }
    var status = stat()
    // A link that leads nowhere is there, too.
    if lstat(path, &status) == 0 { return path.withCString(body) }
    let raw = bytes(of: path).map { CChar(bitPattern: $0) } + [0]
    return raw.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return path.withCString(body) }
      return body(base)
    }
  }

  /// A path in an argument whose bytes were no UTF-8 and came as U+FFFD: the one that has the bytes
  /// of the argument, or the one name in its folder that looks like this; else the path as it is.
  static func resolved(_ path: String) -> String {
    guard path.unicodeScalars.contains("\u{FFFD}") else { return path }
    // Of two names that look alike the bytes tell which is meant.
    let arguments = ArgumentBytes.repaired(to: path)
    if arguments.count == 1, let bytes = arguments.first {
      let named = text(of: bytes)
      if withPath(named, { access($0, F_OK) }) == 0 { return named }
    }
    guard access(path, F_OK) != 0 else { return path }
    var found = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      let folder = found.isEmpty ? "." : found
      let separator = found.isEmpty || found.hasSuffix("/") ? "" : "/"
      var names = [String(part)]
      if part.unicodeScalars.contains("\u{FFFD}") {
        names = FolderListing(folder).names.filter {
          String(decoding: bytes(of: $0), as: UTF8.self) == part
        }
      }
      guard names.count == 1 else { return path }
      found += separator + names[0]
    }
    return found
  }

  private static let backslash = UInt8(ascii: "\\")

  private static func escape(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return [backslash, 0x78, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  /// The bytes of a text of names.
  private static func bytes(of text: String) -> [UInt8] {
    let text = Array(text.utf8)
    var bytes: [UInt8] = []
    var at = 0
    while at < text.count {
      if text[at] == backslash, at + 3 < text.count, text[at + 1] == 0x78,
        let byte = UInt8(String(decoding: text[(at + 2)...(at + 3)], as: UTF8.self), radix: 16)
      {
        bytes.append(byte)
        at += 4
      } else {
        bytes.append(text[at])
        at += 1
      }
    }
    return bytes
  }

  /// Bytes of the character at a place; 0 where there is none.
  private static func sequenceLength(_ bytes: [UInt8], _ at: Int) -> Int {
    let length =
      switch bytes[at] {
      case 0..<0x80: 1
      case 0xC2..<0xE0: 2
      case 0xE0..<0xF0: 3
      case 0xF0..<0xF5: 4
      default: 0
      }
    guard length > 0, at + length <= bytes.count else { return 0 }
    return String(validating: bytes[at..<at + length], as: UTF8.self) == nil ? 0 : length
  }
}

/// What a folder holds, in the order of the names; hidden files and all.
struct FolderListing {
  let names: [String]
  /// Why it could not be read; nil if it was.
  let failure: String?

  init(_ path: String) {
    guard let folder = FileName.withPath(path, { opendir($0) }) else {
      (names, failure) = ([], String(cString: strerror(errno)))
      return
    }
    defer { closedir(folder) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(folder) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if bytes != [0x2E], bytes != [0x2E, 0x2E] { names.append(FileName.text(of: bytes)) }
      errno = 0
    }
    // Only what it leaves here tells an error in the middle from the end.
    failure = errno == 0 ? nil : String(cString: strerror(errno))
    self.names = names.sorted()
  }
}
