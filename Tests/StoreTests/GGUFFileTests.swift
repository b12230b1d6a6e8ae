import Foundation
import Store
import Testing

@Suite struct GGUFFileTests {
  private typealias B = GGUFBytes

  /// Opens the bytes as a file.
  private func open(_ bytes: [UInt8], texts: Bool = true) throws -> GGUFFile {
    let path = FileManager.default.temporaryDirectory.path + "/\(UUID()).gguf"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try GGUFFile(path: path, readsTextLists: texts)
  }

  /// What is found in bytes that are refused.
  private func fault(_ bytes: [UInt8]) throws -> String {
    do {
      _ = try open(bytes)
    } catch let error as StoreError {
      if case .malformed(_, let found, let expected) = error { return "\(found), \(expected)" }
      return error.message
    }
    return ""
  }

  private static let allKinds: [(UInt32, [UInt8], GGUFValue)] = [
    (0, [200], .integer(200)), (1, [200], .integer(-56)),
    (2, B.number(UInt16(65_000)), .integer(65_000)), (3, B.number(Int16(-3)), .integer(-3)),
    (4, B.number(UInt32.max), .integer(4_294_967_295)),
    (5, B.number(Int32.min), .integer(-1 << 31)),
    (6, B.number(Float(0.1).bitPattern), .number(Double(Float(0.1)))), (7, [1], .flag(true)),
    (8, B.string("né"), .text("né")), (10, B.number(UInt64(1) << 40), .integer(1 << 40)),
    (10, B.number(UInt64.max), .number(Double(UInt64.max))),
    (11, B.number(Int64.min), .integer(.min)),
    (12, B.number(0.1.bitPattern), .number(0.1)),
    (9, B.list(4, [B.number(UInt32(7)), B.number(UInt32(8))]), .integers([7, 8])),
    (9, B.list(6, [B.number(Float(-1).bitPattern)]), .numbers([-1])),
    (9, B.list(7, [[0], [1]]), .flags([false, true])),
    (9, B.list(8, [B.string(""), B.string("a b")]), .texts(["", "a b"])),
    (9, B.list(5, []), .integers([])),
  ]

  @Test(arguments: [UInt32(2), 3])
  func readsEveryKindOfValue(version: UInt32) throws {
    var file = GGUFBytes(version: version)
    for (number, kind) in Self.allKinds.enumerated() { file.add("k\(number)", kind.0, kind.1) }
    let opened = try open(file.bytes)
    #expect(opened.version == Int(version))
    #expect(opened.metadata.count == Self.allKinds.count)
    for (number, kind) in Self.allKinds.enumerated() {
      #expect(opened.metadata["k\(number)"] == kind.2)
    }
    let short = try open(file.bytes, texts: false)
    #expect(short.metadata.count == Self.allKinds.count - 1)
    for (key, value) in short.metadata { #expect(opened.metadata[key] == value) }
  }

  @Test func givesTensorsRowMajorAtTheirPlaces() throws {
    var file = GGUFBytes()
    file.alignment = 64
    file.add("general.alignment", 4, B.number(UInt32(64)))
    file.add(tensor: "matrix", [32, 2], .q8_0, (0..<68).map { UInt8($0) })
    file.add(tensor: "vector", [3], .f32, [UInt8](repeating: 9, count: 12))
    let opened = try open(file.bytes)
    #expect(opened.tensors.map(\.name) == ["matrix", "vector"])
    #expect(opened.tensors[0].shape == [2, 32])
    #expect(opened.tensors[0].count == 64)
    #expect(opened.tensors[0].typeName == "Q8_0")
    #expect(opened.tensors.allSatisfy { $0.range.lowerBound % 64 == 0 })
    #expect(opened.withBytes(34..<68, of: opened.tensors[0]) { Array($0) } == Array(34..<68))
    #expect(try #require(opened["vector"]).range.count == 12)
    #expect(opened["none"] == nil)
  }

  @Test func knowsSizesOfEveryTypeAndPassesOverNewerOnes() throws {
    var file = GGUFBytes()
    for type in GGUFElementType.allCases {
      let block = type.block
      file.add(
        tensor: type.name, [UInt64(block.values), 2], type,
        [UInt8](repeating: 1, count: 2 * block.bytes))
    }
    file.tensors.append(("newer", [5], 99, [UInt8](repeating: 2, count: 32), nil))
    file.tensors.append(("last", [1], 99, [UInt8](repeating: 3, count: 7), nil))
    file.tail = []
    let opened = try open(file.bytes)
    for type in GGUFElementType.allCases {
      #expect(try #require(opened[type.name]).type == type)
    }
    let newer = try #require(opened["newer"])
    #expect(newer.type == nil)
    #expect(newer.typeName == "type 99 (unknown to gguf 0.19)")
    #expect(newer.range.count == 32)
  }

  @Test func refusesWhatIsNoSuchFile() throws {
    var big = GGUFBytes().bytes
    big.replaceSubrange(4..<8, with: [0, 0, 0, 3])
    #expect(try fault([]).contains("0 bytes"))
    #expect(try fault(Array("GGML".utf8) + [0, 0, 0, 0]).contains("begin no GGUF file"))
    #expect(try fault(big).contains("big-endian"))
    #expect(try fault(GGUFBytes(version: 1).bytes).contains("version 1"))
    #expect(try fault(GGUFBytes(version: 4).bytes).contains("version 4"))
    #expect(try fault(GGUFBytes(version: 0).bytes).contains("version 0"))
  }

  @Test func refusesCountsBeyondTheFile() throws {
    for claimed in [UInt64.max, 1 << 62, 1 << 40, 3] {
      var file = GGUFBytes()
      file.tensorCount = claimed
      #expect(try fault(file.bytes).contains("tensors"))
      file = GGUFBytes()
      file.entryCount = claimed
      #expect(try fault(file.bytes).contains("metadata entries"))
      for kind in [UInt32(0), 4, 8, 12] {
        file = GGUFBytes()
        file.add("list", 9, B.number(kind) + B.number(claimed == 3 ? 1 << 16 : claimed))
        #expect(try fault(file.bytes).contains("values of list"))
      }
      guard claimed != 3 else { continue }
      file = GGUFBytes()
      file.add("text", 8, B.number(claimed))
      #expect(try fault(file.bytes).contains("text of \(claimed) bytes"))
    }
  }

  @Test func refusesNamesTwiceAndValuesThatAreNone() throws {
    var file = GGUFBytes()
    file.add("key", 0, [1])
    file.add("key", 0, [1])
    #expect(try fault(file.bytes).contains("two metadata entries key"))
    file = GGUFBytes()
    file.add(tensor: "t", [1], .f32, [0, 0, 0, 0])
    file.add(tensor: "t", [1], .f32, [0, 0, 0, 0])
    #expect(try fault(file.bytes).contains("two tensors called t"))
    file = GGUFBytes()
    file.add("key", 13, [1])
    #expect(try fault(file.bytes).contains("value type 13"))
    file = GGUFBytes()
    file.add("key", 9, B.list(9, []))
    #expect(try fault(file.bytes).contains("a list of lists"))
    file = GGUFBytes()
    file.entries.append(([0xFF], 0, [1]))
    #expect(try fault(file.bytes).contains("no UTF-8"))
    file = GGUFBytes()
    file.add("list", 9, B.list(8, [B.string([0xC3])]))
    #expect(try fault(file.bytes).contains("text 0 of list that is no UTF-8"))
  }

  @Test func refusesShapesAndPlacesThatCannotBe() throws {
    func fault(_ change: (inout GGUFBytes) -> Void) throws -> String {
      var file = GGUFBytes()
      change(&file)
      return try self.fault(file.bytes)
    }
    let zeros = [UInt8](repeating: 0, count: 64)
    #expect(
      try fault { $0.add(tensor: "t", [33], .q8_0, zeros) }.contains("a multiple of 32 values"))
    #expect(
      try fault { $0.add(tensor: "t", [1, 1, 1, 1, 1], .f32, zeros) }.contains("5 dimensions"))
    for sizes in [[UInt64.max], [1 << 40, 1 << 40], [1 << 62, 1]] {
      #expect(try fault { $0.add(tensor: "t", sizes, .f32, zeros) }.contains("exist"))
    }
    #expect(try fault { $0.add(tensor: "t", [17], .f32, zeros) }.contains("cut inside tensor t"))
    #expect(
      try fault { $0.add(tensor: "t", [16], .f32, zeros, at: 1 << 50) }
        .contains("cut inside tensor t"))
    #expect(try fault { $0.add(tensor: "t", [1], .f32, zeros, at: 4) }.contains("a multiple of 32"))
    #expect(
      try fault {
        $0.add(tensor: "a", [16], .f32, zeros)
        $0.add(tensor: "b", [8], .f32, zeros, at: 32)
      }.contains("inside the one before it"))
    for alignment in [UInt32(0), 3, 48] {
      #expect(
        try fault { $0.add("general.alignment", 4, B.number(alignment)) }
          .contains("general.alignment \(alignment)"))
    }
    #expect(try fault { $0.add("general.alignment", 8, B.string("32")) }.contains("a power of two"))
  }

  @Test func refusesEveryFileThatIsCut() throws {
    var file = GGUFBytes()
    for (number, kind) in Self.allKinds.enumerated() { file.add("k\(number)", kind.0, kind.1) }
    file.add(tensor: "t", [8], .f32, [UInt8](repeating: 0, count: 32))
    let bytes = file.bytes
    for length in 0..<bytes.count {
      #expect(try !fault(Array(bytes[..<length])).isEmpty, "\(length) bytes")
    }
    #expect(try fault(bytes).isEmpty)
  }
}
