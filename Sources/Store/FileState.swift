import Glibc

/// What tells a file apart from what stood under its name before, without reading it.
struct FileState: Codable, Equatable, Sendable {
  /// Bytes.
  var size: Int
  /// Time of the last change, nanoseconds since 1970.
  var modified: Int64
  /// A replaced file has another one.
  var inode: UInt64

  /// The state of `path` now.
  init(of path: String) throws(StoreError) {
    var status = stat()
    if stat(path, &status) != 0 { throw .system(operation: "examine", path: path) }
    self.init(status)
  }

  /// The state of an open file.
  init(of descriptor: Int32, path: String) throws(StoreError) {
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .system(operation: "examine", path: path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .malformed(path: path, found: "no regular file", expected: "a file")
    }
    self.init(status)
  }

  private init(_ status: stat) {
    size = Int(status.st_size)
    modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    inode = UInt64(status.st_ino)
  }

  /// Nanoseconds since the last change.
  var age: Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - modified
  }
}
