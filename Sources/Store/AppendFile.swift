import Glibc

/// A file that only grows, so that a state with its length can name a point to go on from after a
/// crash: whoever resumes opens it with the length that the state recorded, and what a killed run
/// wrote behind it goes away.
///
/// Writes are buffered; `sync()` makes them durable. Not for concurrent use.
public final class AppendFile {
  /// Where the file stands.
  public let path: String
  /// Bytes appended, whether they have left the buffer or not.
  public private(set) var byteCount: Int
  private let descriptor: Int32
  private let buffer: UnsafeMutableRawBufferPointer
  private var filled = 0

  /// Opens `path`, made if needed, and cuts it to `length` bytes; a shorter file is an error.
  public init(path: String, keeping length: Int = 0, bufferSize: Int = 1 << 18) throws(StoreError) {
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    if opened < 0 { throw .system(operation: "open", path: path) }
    self.path = path
    descriptor = opened
    byteCount = length
    buffer = .allocate(byteCount: max(1, bufferSize), alignment: 64)
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .system(operation: "examine", path: path) }
    if status.st_size < length {
      throw .malformed(path: path, found: "\(status.st_size) bytes", expected: "\(length) or more")
    }
    if ftruncate(descriptor, off_t(length)) != 0 { throw .system(operation: "cut", path: path) }
    if lseek(descriptor, off_t(length), SEEK_SET) < 0 {
      throw .system(operation: "seek in", path: path)
    }
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
  }

  /// Appends bytes.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    byteCount += bytes.count
    if filled + bytes.count > buffer.count { try flush() }
    if bytes.count > buffer.count {
      try writeAll(bytes)
    } else if !bytes.isEmpty {
      UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + bytes.count])
        .copyMemory(from: bytes)
      filled += bytes.count
    }
  }

  /// Room for up to `count` bytes in the buffer, to be filled and then taken with `take`; at most
  /// the size of the buffer.
  public func room(_ count: Int) throws(StoreError) -> UnsafeMutableRawBufferPointer {
    if filled + count > buffer.count { try flush() }
    return UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
  }

  /// Appends what was put into `room`.
  public func take(_ count: Int) {
    filled += count
    byteCount += count
  }

  /// Hands everything to the system.
  public func flush() throws(StoreError) {
    let pending = UnsafeRawBufferPointer(rebasing: buffer[..<filled])
    filled = 0
    try writeAll(pending)
  }

  /// Makes everything durable.
  public func sync() throws(StoreError) {
    try flush()
    try Descriptor.sync(descriptor, path: path)
  }

  /// Fills `target` with the bytes from `offset`, which must have been flushed.
  public func read(
    at offset: Int, into target: UnsafeMutableRawBufferPointer
  ) throws(StoreError) {
    var done = 0
    while done < target.count {
      let count = pread(
        descriptor, target.baseAddress.map { $0 + done }, target.count - done,
        off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(operation: "read", path: path)
      }
      if count == 0 {
        throw .malformed(
          path: path, found: "\(offset + done) bytes", expected: "\(offset + target.count) or more")
      }
      done += count
    }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    try Descriptor.writeAll(bytes, to: descriptor, path: path)
  }
}
