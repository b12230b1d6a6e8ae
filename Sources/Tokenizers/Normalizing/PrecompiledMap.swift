import Foundation

/// The Precompiled step: a character map of SentencePiece, read from its compiled form.
///
/// A double array (Darts) finds keys in the text; its values are places in a block of replacements
/// that end with a zero byte. As in `tokenizers`, a grapheme cluster of less than six bytes becomes
/// what the map has for the shortest key at its start, and other clusters go character by character.
struct PrecompiledMap: Sendable {
  private let units: FrozenArray<UInt32>
  private let texts: FrozenArray<UInt8>
  /// For ASCII: whether the character stays as it is when it is a cluster by itself.
  private let staysAlone: FrozenArray<Bool>
  private static let longestCluster = 5

  /// Nil when the text is no base64 of a character map.
  init?(base64: String) {
    guard let data = Data(base64Encoded: base64), data.count >= 4 else { return nil }
    let bytes = Array(data)
    let words = bytes.withUnsafeBytes { raw in
      (0..<bytes.count / 4).map { word in
        UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self))
      }
    }
    let unitCount = Int(words[0]) / 4
    guard unitCount > 0, words.count > unitCount else { return nil }
    let units = Array(words[1...unitCount])
    let texts = Array(bytes[(4 + unitCount * 4)...])
    guard texts.withUnsafeBufferPointer(UTF8Decoding.isValid) else { return nil }
    let found = FrozenArray(units)
    let blob = FrozenArray(texts)
    self.units = found
    self.texts = blob
    staysAlone = FrozenArray(
      (0..<128).map { byte in
        [UInt8(byte)].withUnsafeBufferPointer { Self.replacement(of: $0, found, blob) } == nil
      })
  }

  /// What the shortest key at the start of `chunk` becomes; nil when no key stands there.
  private static func replacement(
    of chunk: UnsafeBufferPointer<UInt8>, _ units: FrozenArray<UInt32>, _ texts: FrozenArray<UInt8>
  ) -> UnsafeBufferPointer<UInt8>? {
    var place = offset(units.pointer[0])
    for byte in chunk {
      if byte == 0 { return nil }
      place ^= Int(byte)
      guard place < units.count else { return nil }
      let unit = units.pointer[place]
      guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { return nil }
      place ^= offset(unit)
      guard unit & 1 << 8 != 0 else { continue }
      guard place < units.count else { return nil }
      let start = Int(units.pointer[place] & ~(1 << 31))
      // Damaged maps may point outside the texts, or into a character.
      guard start <= texts.count else { return nil }
      var end = start
      while end < texts.count, texts.pointer[end] != 0 { end += 1 }
      if end > start, texts.pointer[start] & 0xC0 == 0x80 { return nil }
      return UnsafeBufferPointer(start: texts.pointer + start, count: end - start)
    }
    return nil
  }

  private static func offset(_ unit: UInt32) -> Int {
    Int(unit >> 10) << Int((unit & 1 << 9) >> 6)
  }

  private func replacement(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
  ) -> UnsafeBufferPointer<UInt8>? {
    Self.replacement(
      of: UnsafeBufferPointer(start: base + start, count: end - start), units, texts)
  }

  /// Appends what becomes of `text` to `output`; false, with nothing appended, when it stays as it is.
  func convert(_ text: UnsafeBufferPointer<UInt8>, into output: ByteBuffer) -> Bool {
    guard let base = text.baseAddress else { return false }
    var copied = 0
    forEachReplacement(base, text.count) { start, end, content in
      output.append(base + copied, count: start - copied)
      if let source = content.baseAddress { output.append(source, count: content.count) }
      copied = end
      return true
    }
    if copied == 0 { return false }
    output.append(base + copied, count: text.count - copied)
    return true
  }

  /// Calls `body` with each part of the text that is replaced, in order, until it returns false.
  @inline(__always)
  func forEachReplacement(
    _ base: UnsafePointer<UInt8>, _ count: Int,
    _ body: (_ start: Int, _ end: Int, _ content: UnsafeBufferPointer<UInt8>) -> Bool
  ) {
    let staysAlone = staysAlone.pointer
    let graphemes = GraphemeScanner(base: base, count: count)
    var offset = 0
    while offset < count {
      let first = base[offset]
      // Two ASCII characters are two clusters, but for a line end.
      if first < 0x80, staysAlone[Int(first)], first != 0x0D,
        offset + 1 == count || base[offset + 1] < 0x80
      {
        offset += 1
        continue
      }
      let end = graphemes.end(from: offset)
      if end - offset <= Self.longestCluster, let content = replacement(base, offset, end) {
        guard body(offset, end, content) else { return }
        offset = end
        continue
      }
      while offset < end {
        let next = offset + UTF8Decoding.scalar(in: base, at: offset).width
        if let content = replacement(base, offset, next) {
          guard body(offset, next, content) else { return }
        }
        offset = next
      }
    }
  }
}
