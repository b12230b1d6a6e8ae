import Corpus

/// Signatures of which equal shares estimate the Jaccard similarity of two texts' sets of shingles.
///
/// One-permutation MinHash with 128 bins over runs of five words, empty bins filled from others by a
/// hash of their number (optimal densification, Shrivastava 2017). ASCII case and everything between
/// words do not count; characters of scripts that put no spaces between words are words by
/// themselves. 16 bits of each value are kept.
struct MinHash {
  static let bins = 128
  static let shingleWords = 5
  private var words: [UInt64] = []
  private var minima = [UInt32](repeating: .max, count: bins)

  /// Appends the signature of a text to `signatures`, zeros for a text of fewer than five words;
  /// whether the text has enough words to be compared.
  mutating func appendSignature(
    of text: UnsafeBufferPointer<UInt8>, to signatures: inout [UInt16]
  ) -> Bool {
    cut(text)
    guard words.count >= Self.shingleWords else {
      signatures.append(contentsOf: repeatElement(0, count: Self.bins))
      return false
    }
    for bin in 0..<Self.bins { minima[bin] = .max }
    words.withUnsafeBufferPointer { words in
      minima.withUnsafeMutableBufferPointer { minima in
        for start in 0...words.count - Self.shingleWords {
          var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
          for place in 0..<Self.shingleWords {
            hash = Self.mix(hash ^ words[start + place])
          }
          let bin = Int(hash >> 57)
          minima[bin] = min(minima[bin], UInt32(truncatingIfNeeded: hash))
        }
        for bin in 0..<Self.bins {
          var (place, attempt) = (bin, UInt64(0))
          while minima[place] == .max {
            attempt += 1
            place = Int(Self.mix(UInt64(bin) << 32 | attempt) >> 57)
          }
          signatures.append(UInt16(truncatingIfNeeded: minima[place]))
        }
      }
    }
    return true
  }

  /// Hashes of the words of a text.
  private mutating func cut(_ text: UnsafeBufferPointer<UInt8>) {
    words.removeAll(keepingCapacity: true)
    var hash: UInt64 = 0
    var index = 0
    func isWord(_ byte: UInt8) -> Bool {
      byte >= 0x80 || (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    }
    while index < text.count {
      let byte = text[index]
      // Thai, Lao, Burmese, Khmer (E0 B8 and on), and all from U+2E80: no spaces between words.
      let isAlone =
        byte >= 0xE3 || (byte == 0xE2 && index + 1 < text.count && text[index + 1] >= 0xBA)
        || (byte == 0xE0 && index + 1 < text.count && text[index + 1] >= 0xB8)
      if isAlone {
        if hash != 0 { words.append(Self.mix(hash)) }
        hash = 0
        let length = byte >= 0xF0 ? 4 : 3
        var scalar: UInt64 = 1
        for place in index..<min(text.count, index + length) {
          scalar = scalar << 8 | UInt64(text[place])
        }
        words.append(Self.mix(scalar))
        index += length
        continue
      }
      if isWord(byte) {
        let folded = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
        hash = (hash ^ UInt64(folded) &+ 1) &* 0x0000_0100_0000_01B3 &+ 0x9E37_79B9
      } else if hash != 0 {
        words.append(Self.mix(hash))
        hash = 0
      }
      index += 1
    }
    if hash != 0 { words.append(Self.mix(hash)) }
  }

  @inline(__always)
  static func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xD6E8_FEB8_6659_FD93).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    let folded = product.high ^ product.low
    return folded ^ folded >> 32
  }
}
