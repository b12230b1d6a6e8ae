import Glibc

/// A file mapped read-only; unmapped when the last reference goes.
public final class MappedFile: @unchecked Sendable {
  // Sendable: the mapping is immutable and lives as long as the object.

  /// Where the file stands.
  public let path: String
  /// The whole file.
  public let bytes: UnsafeRawBufferPointer

  /// Maps `path`; an empty file gives an empty buffer.
  public init(path: String) throws(StoreError) {
    self.path = path
    // Without waiting: a pipe would wait for its writer, and is refused.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0 { throw .system(operation: "open", path: path) }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .system(operation: "examine", path: path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .malformed(path: path, found: "no regular file", expected: "a file")
    }
    let size = Int(status.st_size)
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw .system(operation: "map", path: path) }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
  }

  /// The bytes of a small file, which outlive it.
  public func copy() -> [UInt8] { withExtendedLifetime(self) { Array(bytes) } }

  /// The system maps pages around those that are read, up to this many bytes before them: pages among
  /// them may have been let go of before.
  private static let mappedAround = 4 << 20

  /// Lets go of the memory of pages that have been read; whoever looks again reads them again.
  public func release(_ range: Range<Int>) {
    guard let start = bytes.baseAddress, !range.isEmpty else { return }
    let first = max(0, range.lowerBound - Self.mappedAround) / 4096 * 4096
    madvise(
      UnsafeMutableRawPointer(mutating: start) + first, range.upperBound - first, MADV_DONTNEED)
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}
