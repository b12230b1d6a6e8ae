import Glibc

/// Open files: what is read is a file and nothing that would have to be waited for; what is written
/// and taken in parts is given again, and what the system refuses is reported with its own reason.
enum Descriptor {
  /// Opens a regular file for reading; whoever calls it closes it.
  ///
  /// - Throws: `StoreError.notAFile` for a pipe, a socket or a device, `StoreError.system` for a
  ///   folder and for what cannot be opened.
  static func openFile(_ path: String) throws(StoreError) -> Int32 {
    // Without waiting, since a pipe of that name might never have a writer.
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if opened < 0 { throw .system(operation: "read", path: path) }
    var status = stat()
    if fstat(opened, &status) != 0 {
      let reason = errno
      _ = Glibc.close(opened)
      throw .system(operation: "read", path: path, failure: SystemFailure(code: reason))
    }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFREG { return opened }
    _ = Glibc.close(opened)
    if kind == S_IFDIR {
      throw .system(operation: "read", path: path, failure: SystemFailure(code: EISDIR))
    }
    throw .notAFile(path: path)
  }

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

  /// Appends all of `bytes` to a file that is open for append, or, where the disk is full, none.
  static func appendWhole(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(StoreError) {
    let start = lseek(descriptor, 0, SEEK_END)
    let failure = bytes.withUnsafeBytes { raw -> StoreError? in
      do throws(StoreError) {
        try writeAll(raw, to: descriptor, path: path)
        return nil
      } catch {
        return error
      }
    }
    guard let failure else { return }
    // What was written in part would stand before whatever comes next.
    if start >= 0 { _ = ftruncate(descriptor, start) }
    throw failure
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
