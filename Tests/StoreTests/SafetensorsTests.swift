import Foundation
import Numerics
import Store
import Testing

@Suite struct SafetensorsTests {
  let folder = NSTemporaryDirectory() + "miniplm-safetensors-\(UUID().uuidString)"

  init() throws { try Folder.make(folder) }

  private func write(_ header: String, data: [UInt8] = []) throws -> String {
    let path = folder + "/x.safetensors"
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    bytes += Array(header.utf8) + data
    try AtomicFile.write(bytes, to: path)
    return path
  }

  @Test func whatIsWrittenIsRead() throws {
    let path = folder + "/table.safetensors"
    var writer = try SafetensorsWriter(
      replacing: path,
      tensors: [
        .init(name: "score", type: .f32, shape: [3]), .init(name: "empty", type: .i32, shape: [0]),
        .init(name: "a \"quoted\"\nname", type: .i64, shape: [2, 1]),
      ], metadata: ["source": "[\"prose\", \"code\"]"])
    try writer.write([Float(1.5), -2, .infinity])
    try writer.write([Int64.max, -1])
    try writer.commit()
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == ["source": "[\"prose\", \"code\"]"])
    #expect(try file.values(of: "score") == [Float(1.5), -2, .infinity])
    #expect(try file.values(of: "a \"quoted\"\nname") == [Int64.max, -1])
    #expect(try file.values(of: "empty") == [Int32]())
    #expect(file["a \"quoted\"\nname"]?.shape == [2, 1])
    #expect(throws: StoreError.self) { try file.values(of: "score", as: Int64.self) }
    #expect(throws: StoreError.self) { try file.values(of: "absent", as: Int64.self) }
  }

  @Test func missingBytesAreAnErrorAndNoFile() throws {
    let path = folder + "/short.safetensors"
    var writer = try SafetensorsWriter(
      replacing: path, tensors: [.init(name: "x", type: .f32, shape: [3])])
    try writer.write([Float(1)])
    do {
      try writer.commit()
      Issue.record("a short file was committed")
    } catch {
      #expect(error.message.contains("x"))
    }
    #expect(!Folder.exists(path))
  }

  @Test(arguments: [
    "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
    "{\"x\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}",
    "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
    "{\"x\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}",
    "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
    "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
    "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}",
    "{\"x\":{\"dtype\":\"F32\",\"shape\":[1e300],\"data_offsets\":[0,4]}}",
    "{\"x\":{\"shape\":[1]}}", "{\"x\":3}", "[1,2]", "{\"x\"", "",
    "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"y\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
  ]) func hostileHeadersAreRefused(header: String) throws {
    let path = try write(header, data: [0, 0, 0, 0])
    #expect(throws: StoreError.self) { try SafetensorsFile(path: path) }
  }

  @Test func truncationAtEveryByteIsRefusedOrHarmless() throws {
    let whole = folder + "/whole.safetensors"
    var writer = try SafetensorsWriter(
      replacing: whole, tensors: [.init(name: "x", type: .u16, shape: [5])])
    try writer.write([UInt16](0..<5))
    try writer.commit()
    let bytes = try #require(FileManager.default.contents(atPath: whole))
    for count in 0..<bytes.count {
      let path = folder + "/cut.safetensors"
      try AtomicFile.write(bytes.prefix(count), to: path)
      #expect(throws: StoreError.self) { try SafetensorsFile(path: path) }
    }
  }

  @Test func randomBytesNeverCrash() throws {
    var random = RandomSource(seed: 7)
    for _ in 0..<300 {
      let length = random.index(below: 64)
      var bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      if bytes.count > 8 {
        bytes.replaceSubrange(0..<8, with: [UInt8(bytes.count - 8), 0, 0, 0, 0, 0, 0, 0])
      }
      let path = folder + "/random"
      try AtomicFile.write(bytes, to: path)
      #expect(throws: StoreError.self) { try SafetensorsFile(path: path) }
    }
  }
}
