import Glibc

/// A file read at any place by any thread, without a position of its own and without being mapped:
/// what was read does not stay in the memory of the process.
public final class PositionedFile: Sendable {
  /// Where the file stands.
  public let path: String
  /// Its size in bytes when it was opened.
  public let byteCount: Int
  private let descriptor: Int32

  /// Opens `path`.
  public init(path: String) throws(StoreError) {
    // Without waiting, since a pipe of that name would never have a writer.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
    var opened = open(path, flags)
    if opened < 0, errno == EMFILE, Self.allowMoreFiles() {
      opened = open(path, flags)
    }
    if opened < 0 { throw .system(operation: "open", path: path) }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      throw .malformed(path: path, found: "no regular file", expected: "a file")
    }
    self.path = path
    descriptor = opened
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills `target` with the bytes from `offset`; a file that ends before is an error.
  public func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(StoreError) {
    var done = 0
    while done < target.count {
      let count = pread(
        descriptor, target.baseAddress.map { $0 + done }, target.count - done, off_t(offset + done))
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

  /// A corpus of hundreds of shards may need more open files than a shell allows at first.
  private static func allowMoreFiles() -> Bool {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
      limit.rlim_cur < limit.rlim_max
    else { return false }
    limit.rlim_cur = limit.rlim_max
    return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
  }
}
