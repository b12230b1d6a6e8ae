/// Reading scalars from bytes that are known to be valid UTF-8.
enum UTF8Decoding {
  /// The scalar that starts at `offset`, and its length in bytes.
  @inline(__always)
  static func scalar(in bytes: UnsafePointer<UInt8>, at offset: Int) -> (value: UInt32, width: Int)
  {
    let first = UInt32(bytes[offset])
    if first < 0x80 { return (first, 1) }
    let second = UInt32(bytes[offset + 1] & 0x3F)
    if first < 0xE0 { return ((first & 0x1F) << 6 | second, 2) }
    let third = UInt32(bytes[offset + 2] & 0x3F)
    if first < 0xF0 { return ((first & 0x0F) << 12 | second << 6 | third, 3) }
    let fourth = UInt32(bytes[offset + 3] & 0x3F)
    return ((first & 0x07) << 18 | second << 12 | third << 6 | fourth, 4)
  }

  /// The length in bytes of the scalar that starts with a byte.
  @inline(__always)
  static func width(of first: UInt8) -> Int {
    first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }

  /// The first scalar of valid UTF-8; nil when it is empty.
  static func firstScalar(of text: ArraySlice<UInt8>) -> UInt32? {
    text.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.flatMap { bytes.isEmpty ? nil : scalar(in: $0, at: 0).value }
    }
  }

  /// The last scalar of valid UTF-8; nil when it is empty.
  static func lastScalar(of text: ArraySlice<UInt8>) -> UInt32? {
    text.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.flatMap {
        bytes.isEmpty ? nil : scalar(in: $0, at: start(in: $0, before: bytes.count)).value
      }
    }
  }

  /// The scalar that valid UTF-8 consists of; nil when it has none or several.
  static func onlyScalar(of text: ArraySlice<UInt8>) -> UInt32? {
    text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress, !bytes.isEmpty else { return nil }
      let first = scalar(in: base, at: 0)
      return first.width == bytes.count ? first.value : nil
    }
  }

  /// Where the scalar that ends before `offset` starts; `offset` is above zero.
  static func start(in bytes: UnsafePointer<UInt8>, before offset: Int) -> Int {
    var start = offset - 1
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  /// Whether `bytes` is valid UTF-8: no over-long forms, no surrogates, nothing above U+10FFFF.
  static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    let raw = UnsafeRawPointer(base)
    let count = bytes.count
    var offset = 0
    while offset < count {
      while offset + 8 <= count,
        raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      {
        offset += 8
      }
      if offset == count { break }
      let first = base[offset]
      if first < 0x80 {
        offset += 1
        continue
      }
      let width = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
      if width == 0 || offset + width > count { return false }
      let second = base[offset + 1]
      let low: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
      let high: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
      if second < low || second > high { return false }
      for place in 2..<max(2, width) where base[offset + place] & 0xC0 != 0x80 { return false }
      offset += width
    }
    return true
  }

  /// Appends `scalar` to `bytes`.
  static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
    switch scalar {
    case ..<0x80:
      bytes.append(UInt8(truncatingIfNeeded: scalar))
    case ..<0x800:
      bytes.append(0xC0 | UInt8(truncatingIfNeeded: scalar >> 6))
      bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
    case ..<0x10000:
      bytes.append(0xE0 | UInt8(truncatingIfNeeded: scalar >> 12))
      bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F))
      bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
    default:
      bytes.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
      bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F))
      bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F))
      bytes.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
    }
  }
}
