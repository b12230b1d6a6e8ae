/// Lays slots of floats out in one buffer, each at a multiple of 64 bytes.
struct BufferPlan {
  /// Floats so far.
  private(set) var floatCount = 0

  /// A slot of `floats`.
  mutating func reserve(_ floats: Int) -> Slot {
    let slot = Slot(offset: floatCount, count: floats)
    floatCount += (floats + 15) & ~15
    return slot
  }
}

/// A place in a workspace's buffer.
struct Slot: Sendable {
  let offset: Int
  let count: Int
}
