import Glibc

/// Whole writes to open files: what the system takes in parts is given again, what it refuses is
/// reported with its own reason.
enum Descriptor {
  /// Writes all of `bytes` to `descriptor`.
  static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
  ) throws(StoreError) {
    var offset = 0
    while offset < bytes.count {
      let count = Glibc.write(
        descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(operation: "write", path: path)
      }
      // A file that takes nothing and gives no reason has no room.
      guard count > 0 else {
        throw .system(operation: "write", path: path, failure: SystemFailure(code: ENOSPC))
      }
      offset += count
    }
  }

  /// Makes what was written durable. Devices and pipes have nothing to be made durable.
  static func sync(_ descriptor: Int32, path: String) throws(StoreError) {
    while fsync(descriptor) != 0 {
      if errno == EINTR { continue }
      if errno == EINVAL || errno == EROFS { return }
      throw .system(operation: "sync", path: path)
    }
  }

  /// Closes a file that was written; some file servers say only then that they have no room.
  static func close(_ descriptor: Int32, path: String) throws(StoreError) {
    if Glibc.close(descriptor) != 0, errno != EINTR {
      throw .system(operation: "close", path: path)
    }
  }
}
