import Foundation

/// Messages on a stream of bytes: three letters, the version of the link, the length of what follows
/// in four bytes (the lowest first), and that many bytes of JSON.
enum LinkFrame {
  static let letters: [UInt8] = [0x6D, 0x70, 0x6C]
  static let headerSize = 8

  static func bytes(_ payload: Data, version: Int = LinkProtocol.version) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(headerSize + payload.count)
    bytes += letters
    bytes.append(UInt8(truncatingIfNeeded: version))
    let count = UInt32(clamping: payload.count)
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: count >> shift))
    }
    bytes += payload
    return bytes
  }
}

/// Takes bytes as they come and gives whole messages.
struct FrameReader {
  /// Bytes of the largest message that is taken.
  let limit: Int
  private var buffer: [UInt8] = []
  private var start = 0

  init(limit: Int) { self.limit = limit }

  mutating func add(_ bytes: some Collection<UInt8>) {
    // What has been read goes away before the buffer grows.
    if start == buffer.count {
      // A large message leaves no large buffer behind.
      buffer = []
      start = 0
    } else if start > 1 << 20 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer += bytes
  }

  /// The next message; nil while it is not whole.
  ///
  /// - Throws: where the stream holds no messages of this version, as soon as that can be seen.
  mutating func next() throws(LinkError) -> Data? {
    let have = buffer.count - start
    let known = min(have, LinkFrame.letters.count)
    guard buffer[start..<start + known].elementsEqual(LinkFrame.letters.prefix(known)) else {
      throw .garbage(found: Self.words(buffer[start...].prefix(16)))
    }
    guard have >= LinkFrame.headerSize else { return nil }
    let version = Int(buffer[start + 3])
    guard version == LinkProtocol.version else {
      throw .version(found: version, expected: LinkProtocol.version)
    }
    let count = (0..<4).reduce(0) { $0 | Int(buffer[start + 4 + $1]) << (8 * $1) }
    guard count <= limit else { throw .oversize(bytes: count, limit: limit) }
    guard have >= LinkFrame.headerSize + count else { return nil }
    let first = start + LinkFrame.headerSize
    defer { start = first + count }
    return Data(buffer[first..<first + count])
  }

  /// Some bytes for a person.
  private static func words(_ bytes: ArraySlice<UInt8>) -> String {
    let text = bytes.prefix { (0x20..<0x7F).contains($0) }
    if text.count >= 4 { return "\"\(String(decoding: text, as: UTF8.self))\"" }
    return bytes.map { byte in
      let hex = String(byte, radix: 16)
      return hex.count == 1 ? "0" + hex : hex
    }.joined(separator: " ")
  }
}
