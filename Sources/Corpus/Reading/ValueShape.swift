/// What a string looks like, whatever its field is called.
enum ValueShape {
  private typealias Bytes = UnsafeBufferPointer<UInt8>

  /// Words with space between them, or a writing that has none.
  static func isSpaced(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var (inside, wide) = (false, 0)
    var wasWord = false
    for byte in text {
      let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
      if !isSpace, inside { return true }
      if isSpace, wasWord { inside = true }
      if !isSpace { wasWord = true }
      if byte >= 0xE2 { wide += 1 }
    }
    return wide >= 8
  }

  /// Nothing but an address, a path, a digest, an identifier, a date or a number.
  static func isReference(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first else { return false }
    let isDigits = text.allSatisfy { isDigit($0) || "-:/. +TZ".utf8.contains($0) }
    // Dates, times, numbers.
    if isDigits, text.contains(where: isDigit) { return true }
    if text.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) { return false }
    let value = String(decoding: text.prefix(256), as: UTF8.self)
    if value.contains("://") || value.hasPrefix("www.") || value.hasPrefix("doi:") { return true }
    let hex = text.count { isDigit($0) || (0x61...0x66).contains($0 | 0x20) || $0 == 0x2D }
    if text.count >= 8, hex == text.count, text.contains(where: isDigit) { return true }
    if value.contains("@"), value.contains(".") { return true }
    if text.count >= 4, first == 0x2F || value.contains("/") { return true }
    // Long runs of letters and digits without a word: base64, random names.
    return text.count >= 20 && text.contains(where: isDigit)
      && text.contains { (0x41...0x5A).contains($0) }
      && text.allSatisfy {
        isDigit($0) || (0x41...0x5A).contains($0 & 0xDF) || "+/=_-".utf8.contains($0)
      }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
