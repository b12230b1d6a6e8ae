/// Bytes that grow, in memory that is kept from one text to the next.
final class ByteBuffer {
  private var memory: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0
  private static let smallest = 1 << 12
  /// What more than this takes is given back after use.
  private static let largestKept = 1 << 24

  init() {
    memory = .allocate(capacity: Self.smallest)
    capacity = Self.smallest
  }

  deinit { memory.deallocate() }

  /// What was appended; valid until the next change.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: memory, count: count) }

  /// Where the content starts; valid until the next change.
  var start: UnsafePointer<UInt8> { UnsafePointer(memory) }

  /// Forgets the content.
  func clear() {
    count = 0
    if capacity <= Self.largestKept { return }
    memory.deallocate()
    memory = .allocate(capacity: Self.smallest)
    capacity = Self.smallest
  }

  /// Gives room for `most` bytes to `body`, which writes some and returns how many.
  @inline(__always)
  func append(atMost most: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    if count &+ most > capacity { grow(by: most) }
    count &+= body(memory + count)
  }

  @inline(__always)
  func append(_ scalar: UInt32) {
    append(atMost: 4) { UTF8Encoding.write(scalar, to: $0) }
  }

  func append(_ source: UnsafePointer<UInt8>, count length: Int) {
    append(atMost: length) { target in
      target.update(from: source, count: length)
      return length
    }
  }

  func append(_ source: [UInt8]) {
    source.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { append(base, count: source.count) }
    }
  }

  private func grow(by more: Int) {
    var larger = capacity * 2
    while larger < count + more { larger *= 2 }
    let next = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    next.update(from: memory, count: count)
    memory.deallocate()
    (memory, capacity) = (next, larger)
  }
}

/// Writing scalars as UTF-8.
enum UTF8Encoding {
  /// Writes a scalar to memory with room for four bytes; returns how many it took.
  @inline(__always)
  static func write(_ scalar: UInt32, to target: UnsafeMutablePointer<UInt8>) -> Int {
    switch scalar {
    case ..<0x80:
      target[0] = UInt8(truncatingIfNeeded: scalar)
      return 1
    case ..<0x800:
      target[0] = 0xC0 | UInt8(truncatingIfNeeded: scalar >> 6)
      target[1] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
      return 2
    case ..<0x10000:
      target[0] = 0xE0 | UInt8(truncatingIfNeeded: scalar >> 12)
      target[1] = 0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F)
      target[2] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
      return 3
    default:
      target[0] = 0xF0 | UInt8(truncatingIfNeeded: scalar >> 18)
      target[1] = 0x80 | UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F)
      target[2] = 0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F)
      target[3] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
      return 4
    }
  }
}
