import Foundation

/// Looking for a string of bytes.
enum ByteSearch {
  /// The first place from `start` on where `key` stands; nil without one.
  ///
  /// In valid UTF-8 a string of whole characters is only found where characters begin.
  static func first(
    _ key: UnsafePointer<UInt8>, _ length: Int, in base: UnsafePointer<UInt8>, from start: Int,
    to end: Int
  ) -> Int? {
    var offset = start
    while offset + length <= end {
      guard let found = memchr(base + offset, Int32(key[0]), end - offset - length + 1) else {
        return nil
      }
      offset = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if memcmp(base + offset, key, length) == 0 { return offset }
      offset += 1
    }
    return nil
  }
}
