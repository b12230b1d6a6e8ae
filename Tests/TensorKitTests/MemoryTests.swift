import TensorKit
import Testing

@Suite struct MemoryTests {
  @Test(arguments: [0, 1, 100, 4096, 3 << 20]) func buffersAreAlignedAndZero(bytes: Int) throws {
    let buffer = try Buffer(byteCount: bytes)
    let alignment = bytes >= 2 << 20 ? 2 << 20 : 64
    #expect(Int(bitPattern: buffer.start) % alignment == 0)
    #expect(buffer.floats.count == bytes / 4)
    #expect(buffer.floats.allSatisfy { $0 == 0 })
    buffer.floats.update(repeating: 1)
  }

  @Test func askingForTooMuchIsAnError() {
    #expect(throws: TensorError.self) { try Buffer(byteCount: 1 << 50) }
    #expect(throws: TensorError.self) { try Buffer(floats: Int.max / 2) }
    #expect(throws: TensorError.self) { try Buffer(byteCount: -1) }
  }

  @Test func arenasHandOutAndTakeBack() throws {
    let arena = try Arena(byteCount: Arena.byteCount(floats: [10, 1, 16]))
    #expect(arena.capacity == 192)
    let first = try arena.floats(10)
    let mark = arena.mark()
    let second = try arena.floats(1)
    #expect(Int(bitPattern: second) - Int(bitPattern: first) == 64)
    #expect(Int(bitPattern: second) % 64 == 0)
    _ = try arena.integers(16)
    #expect(throws: TensorError.arenaExhausted(needed: 64, free: 0, capacity: 192)) {
      try arena.floats(1)
    }
    #expect(arena.peak == 192)
    arena.release(to: mark)
    #expect(try arena.floats(32) == second)
    arena.reset()
    #expect(try arena.floats(48) == first)
    #expect(throws: TensorError.self) { try arena.floats(Int.max / 2) }
  }

  @Test func errorsNameTheSizesAndTheRemedy() {
    let error = TensorError.memory(needed: 3 << 30, available: 1 << 30)
    #expect(error.message == "3072 MiB of memory are needed, 1024 MiB are free.")
    #expect(!error.hint.isEmpty)
  }
}
