import Foundation
import Store
import Testing

@Suite struct MappedFileTests {
  /// KiB of the mapping at `start` that are in memory, as the system counts them.
  private func residentKilobytes(_ start: UnsafeRawPointer) throws -> Int {
    let handle = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
    let maps = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    let begin = String(UInt(bitPattern: start), radix: 16) + "-"
    let lines = maps.split(separator: "\n").drop { !$0.hasPrefix(begin) }
    let line = try #require(lines.first { $0.hasPrefix("Rss:") })
    return try #require(Int(line.split(separator: " ")[1]))
  }

  /// The system maps more than what is read, also of what was let go of.
  @Test func whatWasReleasedStaysReleased() throws {
    let path = NSTemporaryDirectory() + "mapped-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (size, piece) = (48 << 20, (1 << 20) + 4096)
    try Data(count: size).write(to: URL(fileURLWithPath: path))
    let file = try MappedFile(path: path)
    let start = try #require(file.bytes.baseAddress)
    var sum = 0
    for first in stride(from: 0, to: size, by: piece) {
      let range = first..<min(size, first + piece)
      for byte in stride(from: range.lowerBound, to: range.upperBound, by: 4096) {
        sum += Int(file.bytes[byte])
      }
      #expect(try residentKilobytes(start) >= piece / 2048)
      file.release(range)
    }
    #expect(sum == 0)
    #expect(try residentKilobytes(start) <= 4 << 10)
    #expect(file.bytes[size - 1] == 0)
  }
}
