import CSimdjson
import Glibc

/// What the first bytes of a content say about its being text.
struct TextEvidence {
  let count: Int
  let zeros: Int
  /// Control characters that no text has, zeros aside.
  let controls: Int
  /// Zeros at even and at odd places.
  private let evenZeros: Int
  private let oddZeros: Int
  /// Whether it is UTF-8, but for a character that the last byte cuts.
  let isUTF8: Bool

  init(_ bytes: UnsafeRawBufferPointer) {
    count = bytes.count
    var (zeros, controls, even) = (0, 0, 0)
    for (place, byte) in bytes.enumerated() where byte < 0x20 || byte == 0x7F {
      switch byte {
      case 0:
        zeros += 1
        even += 1 - place & 1
      case 0x08...0x0D, 0x1B: break
      default: controls += 1
      }
    }
    (self.zeros, self.controls) = (zeros, controls)
    (evenZeros, oddZeros) = (even, zeros - even)
    isUTF8 = Self.isUTF8(bytes)
  }

  /// Text from the first to the last byte.
  var isClean: Bool { zeros == 0 && controls == 0 && isUTF8 }

  var isAllZeros: Bool { count > 0 && zeros == count }

  /// Bytes of something that is no text in any encoding of one byte, or in UTF-8.
  var isBinary: Bool { (zeros + controls) * 25 > count }

  /// The encoding of two or four bytes a character that a byte order mark or the places of the zeros
  /// show.
  func wideEncoding(_ bytes: UnsafeRawBufferPointer) -> String? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return "UTF-32LE" }
    if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32BE" }
    if bytes.starts(with: [0xFF, 0xFE]) { return "UTF-16LE" }
    if bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16BE" }
    guard count >= 4, zeros * 5 > count, !isAllZeros else { return nil }
    if zeros * 3 >= 2 * (count - 3) {
      // Three of four bytes: the characters stand at one place of every four.
      for (name, place) in [("UTF-32LE", 0), ("UTF-32BE", 3)] {
        let others = bytes.enumerated().filter { $0.offset % 4 != place }
        if others.allSatisfy({ $0.element == 0 }) { return name }
      }
    }
    if oddZeros * 5 >= count, evenZeros * 20 <= count, controls * 25 < count { return "UTF-16LE" }
    if evenZeros * 5 >= count, oddZeros * 20 <= count, controls * 25 < count { return "UTF-16BE" }
    return nil
  }

  private static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let text = bytes.bindMemory(to: UInt8.self)
    if csj_is_utf8(text.baseAddress, text.count) == 1 { return true }
    for cut in 1...3 where text.count > cut && text[text.count - cut] >= 0xC0 {
      return csj_is_utf8(text.baseAddress, text.count - cut) == 1
    }
    return false
  }
}
