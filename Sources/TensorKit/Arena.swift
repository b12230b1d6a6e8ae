/// Memory mapped once and handed out from the front: no allocation inside a step.
///
/// An arena belongs to the one thread that drives a job; the pool's workers only use what they are
/// given from it.
public final class Arena {
  /// A place in the arena to go back to.
  public struct Mark: Sendable { fileprivate let used: Int }

  private let buffer: Buffer
  private var used = 0
  /// The most bytes that were ever in use.
  public private(set) var peak = 0

  /// An arena of `byteCount` bytes.
  public init(byteCount: Int) throws { buffer = try Buffer(byteCount: byteCount) }

  /// An arena with room for `count` floats.
  public convenience init(floats count: Int) throws {
    try self.init(byteCount: Self.byteCount(floats: [count]))
  }

  /// The bytes that ranges of these many floats take, padding included.
  public static func byteCount(floats counts: [Int]) -> Int {
    counts.reduce(0) { $0 + padded($1 * MemoryLayout<Float>.stride) }
  }

  /// The size in bytes.
  public var capacity: Int { buffer.byteCount }

  /// Room for `count` floats, aligned to 64 bytes; its content is whatever was there before.
  public func floats(_ count: Int) throws -> UnsafeMutablePointer<Float> {
    try take(count, Float.self)
  }

  /// Room for `count` 32-bit integers, aligned to 64 bytes.
  public func integers(_ count: Int) throws -> UnsafeMutablePointer<Int32> {
    try take(count, Int32.self)
  }

  /// Room for `count` doubles, aligned to 64 bytes.
  public func doubles(_ count: Int) throws -> UnsafeMutablePointer<Double> {
    try take(count, Double.self)
  }

  /// A dense matrix.
  public func matrix(rows: Int, columns: Int) throws -> Matrix {
    Matrix(try floats(rows * columns), rows: rows, columns: columns)
  }

  /// The present place.
  public func mark() -> Mark { Mark(used: used) }

  /// Takes back everything handed out since `mark`.
  public func release(to mark: Mark) { used = mark.used }

  /// Takes back everything.
  public func reset() { used = 0 }

  private static func padded(_ bytes: Int) -> Int { (bytes + 63) & ~63 }

  private func take<Element: BitwiseCopyable>(
    _ count: Int, _ type: Element.Type
  ) throws -> UnsafeMutablePointer<Element> {
    let free = buffer.byteCount - used
    let limit = Int.max / 2 / MemoryLayout<Element>.stride
    precondition(count >= 0, "a negative count")
    let size = Self.padded(min(count, limit) * MemoryLayout<Element>.stride)
    guard size <= free else {
      throw TensorError.arenaExhausted(needed: size, free: free, capacity: buffer.byteCount)
    }
    defer {
      used += size
      peak = max(peak, used)
    }
    return (buffer.start + used).bindMemory(to: type, capacity: count)
  }
}
