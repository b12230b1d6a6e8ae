import Corpus
import Foundation
import Store
import Testing

@Suite("Which shards a path means")
struct ShardLocationTests {
  /// A folder with pairs of these names; chunk 0 of each holds its number.
  static func folder(_ names: [String]) throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    for (place, name) in names.enumerated() {
      try ShardFormatTests.write(
        [[Int32(place)]], to: scratch.path + "/made", vocabularySize: 100_000)
      for suffix in ["bin", "idx"] {
        try scratch.write(scratch.bytes("made/data_0.\(suffix)"), to: "\(name).\(suffix)")
      }
    }
    return scratch
  }

  static func first(_ path: String) throws -> [Int32] {
    let shards = try TokenShards(folder: path)
    return try (0..<shards.count).map { try shards.tokens(of: $0)[0] }
  }

  @Test("A folder means its data shards, a prefix others")
  func prefixes() throws {
    let scratch = try Self.folder(["data_0", "data_1", "test_0", "infer_0", "data_00"])
    #expect(try Self.first(scratch.path) == [0, 1])
    #expect(try Self.first(scratch.path + "/") == [0, 1])
    #expect(try Self.first(scratch.path + "/test") == [2])
    #expect(try Self.first(scratch.path + "/infer_0") == [3])
    #expect(
      try corpusError { _ = try Self.first(scratch.path + "/dev") }
        == .noShards(folder: scratch.path + "/dev"))
  }

  @Test("The only prefix needs no name, one of two does")
  func onlyPrefix() throws {
    let one = try Self.folder(["test_0", "test_1"])
    #expect(try Self.first(one.path) == [0, 1])
    let two = try Self.folder(["test_0", "infer_0"])
    guard case .setting(_, let found, _) = try corpusError({ _ = try Self.first(two.path) }) else {
      Issue.record("an unclear prefix was accepted")
      return
    }
    #expect(found == "infer and test")
  }

  @Test("Numbers choose a part; a part that is not whole is an error")
  func numbers() throws {
    let scratch = try Self.folder(["data_240", "data_241", "data_242"])
    #expect(try Self.first(scratch.path + "/data_240") == [0, 1, 2])
    #expect(try Self.first(scratch.path + "/data_241-242") == [1, 2])
    #expect(
      try corpusError { _ = try Self.first(scratch.path) }
        == .missingShard(folder: scratch.path, missing: 0, found: 242))
    #expect(
      try corpusError { _ = try Self.first(scratch.path + "/data_241-245") }
        == .missingShard(folder: scratch.path, missing: 243, found: 242))
  }

  /// An index of `count` chunks of no tokens and its .bin, as files with holes.
  static func sparse(_ base: String, count: Int) throws {
    var header = Array("MMIDIDX\0\0".utf8)
    for value in [1, 4 << 56] as [UInt64] {
      withUnsafeBytes(of: value.littleEndian) { header += $0 }
    }
    header.removeSubrange(17..<24)
    for value in [UInt64(count), 1] {
      withUnsafeBytes(of: value.littleEndian) { header += $0 }
    }
    try AtomicFile.write(header, to: base + ".idx")
    let handle = try #require(FileHandle(forWritingAtPath: base + ".idx"))
    try handle.truncate(atOffset: UInt64(34 + 12 * count + 8))
    try handle.close()
    try AtomicFile.write([], to: base + ".bin")
  }

  @Test("53 shards of a million chunks open at once, and any chunk is at hand")
  func opensAtOnce() throws {
    let scratch = try ScratchFolder()
    for number in 0..<53 {
      try Self.sparse(scratch.path + "/data_\(number)", count: 1_000_000)
    }
    let clock = ContinuousClock()
    var shards: TokenShards?
    // Other tests run beside this one: the best of three counts.
    let times = try (0..<3).map { _ in
      try clock.measure { shards = try TokenShards(folder: scratch.path) }
    }
    #expect(shards?.count == 53_000_000)
    #expect(try shards?.tokens(of: 52_999_999) == [])
    #expect(try #require(times.min()) < .milliseconds(500), "\(times)")
  }

  @Test("The identity follows content, not names, and notices a changed chunk or length")
  func identity() throws {
    let scratch = try ScratchFolder()
    let chunks: [[Int32]] = [[1, 2, 3], [4, 5], [6]]
    func identity(_ chunks: [[Int32]], _ name: String) throws -> String {
      let folder = scratch.path + "/" + name
      try ShardFormatTests.write(chunks, to: folder, vocabularySize: 100_000, chunksPerShard: 2)
      return try TokenShards(folder: folder).identity()
    }
    let first = try identity(chunks, "a")
    #expect(try identity(chunks, "b") == first)
    #expect(try identity([[1, 2, 3], [4, 7], [6]], "c") != first)
    #expect(try identity([[1, 2], [3, 4, 5], [6]], "d") != first)
    #expect(try identity(Array(chunks.dropLast()), "e") != first)
  }
}
