import CSimdjson
import Glibc

/// Cuts a byte stream into lines, one at a time, in a window that grows to the longest line.
final class LineReader {
  /// A line without its end; valid until the next call.
  struct Line {
    /// Content; `csj_padding()` more bytes are readable behind it.
    let bytes: UnsafeRawBufferPointer
    /// The line was longer than allowed; `bytes` holds its start.
    let overlong: Bool
  }

  private let stream: any ByteStream
  private let longestLine: Int
  private let padding = csj_padding()
  private var window: UnsafeMutableRawBufferPointer
  /// Size of the window without its padding.
  private var capacity: Int
  /// Bytes of the window that were read and not yet handed out.
  private var pending = 0..<0
  private var skippingRest = false

  /// Reads `stream`; what is behind `longestLine` bytes of a line is skipped.
  init(_ stream: any ByteStream, longestLine: Int, window size: Int = 1 << 20) {
    self.stream = stream
    capacity = size
    self.longestLine = longestLine
    window = .allocate(byteCount: size + padding, alignment: 64)
  }

  deinit { window.deallocate() }

  /// The next line; nil at the end.
  func next() throws(CorpusError) -> Line? {
    while skippingRest {
      if let newline = newline(from: pending.lowerBound) {
        pending = newline + 1..<pending.upperBound
        skippingRest = false
      } else {
        pending = pending.upperBound..<pending.upperBound
        if try !refill() { return nil }
      }
    }
    var scanned = 0
    while true {
      if let newline = newline(from: pending.lowerBound + scanned) {
        return take(
          to: newline, next: newline + 1,
          overlong: newline - pending.lowerBound > longestLine)
      }
      scanned = pending.count
      if scanned > longestLine {
        skippingRest = true
        return take(
          to: pending.lowerBound + longestLine, next: pending.upperBound, overlong: true)
      }
      if try !refill() {
        if pending.isEmpty { return nil }
        return take(
          to: pending.upperBound, next: pending.upperBound, overlong: pending.count > longestLine)
      }
    }
  }

  private func newline(from start: Int) -> Int? {
    guard start < pending.upperBound, let base = window.baseAddress,
      let found = memchr(base + start, 0x0A, pending.upperBound - start)
    else { return nil }
    return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
  }

  private func take(to stop: Int, next: Int, overlong: Bool) -> Line {
    let line = Line(
      bytes: UnsafeRawBufferPointer(rebasing: window[pending.lowerBound..<stop]),
      overlong: overlong)
    pending = next..<pending.upperBound
    return line
  }

  /// Moves what is pending to the front and reads more behind it; false at the end.
  private func refill() throws(CorpusError) -> Bool {
    if pending.count == capacity {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: capacity * 2 + padding, alignment: 64)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: window[pending]))
      window.deallocate()
      window = larger
      capacity *= 2
    } else if pending.lowerBound > 0, let base = window.baseAddress {
      memmove(base, base + pending.lowerBound, pending.count)
    }
    pending = 0..<pending.count
    let target = UnsafeMutableRawBufferPointer(rebasing: window[pending.upperBound..<capacity])
    let count = try stream.read(into: target)
    pending = 0..<pending.upperBound + count
    return count > 0
  }
}
