import Glibc

/// Memory of its own, aligned to a cache line (large ones to huge pages), zero at first and
/// released with its owner.
public final class Buffer: @unchecked Sendable {
  /// The first byte; valid while the buffer lives.
  public let start: UnsafeMutableRawPointer
  /// The size in bytes.
  public let byteCount: Int
  private let mappedCount: Int

  /// Maps `byteCount` bytes; throws ``TensorError/memory(needed:available:)`` rather than let the
  /// system kill the process later.
  public convenience init(byteCount: Int) throws {
    let available = SystemMemory.available()
    guard byteCount >= 0, byteCount <= available else {
      throw TensorError.memory(needed: byteCount, available: available)
    }
    try self.init(mapping: byteCount, isSparse: false)
  }

  /// Maps addresses of `byteCount` bytes of which only those that are written take memory.
  public convenience init(reserving byteCount: Int) throws {
    precondition(byteCount >= 0, "a negative size")
    try self.init(mapping: byteCount, isSparse: true)
  }

  private init(mapping byteCount: Int, isSparse: Bool) throws {
    let huge = 2 << 20
    let granule = byteCount >= huge && !isSparse ? huge : 4096
    let rounded = (max(byteCount, 1) + granule - 1) / granule * granule
    // Pages are aligned to 4 KiB only: take one huge page more and give back both ends.
    let slack = granule == huge ? huge : 0
    let raw = mmap(
      nil, rounded + slack, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS | (isSparse ? MAP_NORESERVE : 0), -1, 0)
    guard let raw, raw != MAP_FAILED else {
      throw TensorError.mapping(bytes: rounded, reason: String(cString: strerror(errno)))
    }
    var base = raw
    if slack > 0 {
      let head = (huge - Int(bitPattern: raw) % huge) % huge
      base = raw + head
      if head > 0 { munmap(raw, head) }
      if slack > head { munmap(base + rounded, slack - head) }
      madvise(base, rounded, MADV_HUGEPAGE)
    }
    start = base
    self.byteCount = byteCount
    mappedCount = rounded
  }

  /// Maps room for `count` floats.
  public convenience init(floats count: Int) throws {
    let bytes = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    try self.init(byteCount: bytes.overflow ? Int.max : bytes.partialValue)
  }

  deinit { munmap(start, mappedCount) }

  /// The memory as floats.
  public var floats: UnsafeMutableBufferPointer<Float> {
    let count = byteCount / MemoryLayout<Float>.stride
    return UnsafeMutableBufferPointer(
      start: start.bindMemory(to: Float.self, capacity: count), count: count)
  }
}
