import DifferenceSampling
import Foundation
import Numerics
import Store
import Testing

@Suite("Score tables on disk")
struct ScoreFileTests {
  let scores = ChunkScores(
    rows([0.5, .nan, 1, -2, .infinity, 0], sources: [0, 1, 0, 65535, 1, 2]))

  @Test("What is written is read, bit for bit, with metadata")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/scores.safetensors"
    try ChunkScoresFile.write(scores, metadata: ["teacher": "T \"quoted\""], to: path)
    let (read, metadata) = try ChunkScoresFile.read(path)
    #expect(read.chunks == scores.chunks && read.sources == scores.sources)
    #expect(read.referenceNLL.map(\.bitPattern) == scores.referenceNLL.map(\.bitPattern))
    #expect(metadata["teacher"] == "T \"quoted\"")
    try ChunkScoresFile.write(ChunkScores(), to: path)
    #expect(try ChunkScoresFile.read(path).scores.count == 0)
  }

  @Test("Rows may come in any order; the later of two for a chunk counts")
  func anyOrder() {
    var later = scores[2]
    later.teacherNLL = 9
    let table = ChunkScores([scores[5], scores[2], scores[0], later])
    #expect(table.chunks == [0, 2, 5])
    #expect(table[1].teacherNLL == 9)
    #expect(table.row(ofChunk: 5) == 2)
    #expect(table.row(ofChunk: 3) == nil)
  }

  @Test("No damaged file crashes; every one is a typed error or the same scores", arguments: 0..<8)
  func damage(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/scores.safetensors"
    try ChunkScoresFile.write(scores, to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var random = RandomSource(seed: seed)
    for _ in 0..<100 {
      var data = whole
      if random.index(below: 3) == 0 {
        data = data.prefix(random.index(below: data.count))
      } else {
        data[random.index(below: data.count)] = UInt8(random.index(below: 256))
      }
      try data.write(to: URL(fileURLWithPath: path))
      do throws(StoreError) {
        let read = try ChunkScoresFile.read(path).scores
        #expect(read.chunks == scores.chunks)
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }

  @Test("Columns of different lengths and falling chunks are refused")
  func malformed() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/scores.safetensors"
    func write(_ chunks: [Int64], teacher: Int) throws {
      let count = chunks.count
      var writer = try SafetensorsWriter(
        replacing: path,
        tensors: [
          .init(name: "chunk", type: .i64, shape: [count]),
          .init(name: "teacher_nll", type: .f32, shape: [teacher]),
          .init(name: "reference_nll", type: .f32, shape: [count]),
          .init(name: "tokens", type: .i32, shape: [count]),
          .init(name: "length", type: .i32, shape: [count]),
          .init(name: "source", type: .u16, shape: [count]),
        ])
      try writer.write(chunks)
      try writer.write([Float](repeating: 1, count: teacher))
      try writer.write([Float](repeating: 1, count: count))
      try writer.write([Int32](repeating: 1, count: 2 * count))
      try writer.write([UInt16](repeating: 0, count: count))
      try writer.commit()
    }
    let malformed: [(chunks: [Int64], teacher: Int)] = [
      ([0, 1, 2], 2), ([0, 2, 1], 3), ([0, 0], 2), ([-1, 0], 2),
    ]
    for (chunks, teacher) in malformed {
      try write(chunks, teacher: teacher)
      #expect(throws: StoreError.self) { try ChunkScoresFile.read(path) }
    }
    try write([3, 5, 9], teacher: 3)
    #expect(try ChunkScoresFile.read(path).scores.count == 3)
  }
}
