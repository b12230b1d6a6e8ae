import Glibc

/// Keeps a second program out of a project folder; the kernel releases it when the process ends.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of `folder`, or says who holds it.
  public init(folder: String) throws(StoreError) {
    let path = folder + "/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw .system(operation: "open", path: path) }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      var bytes = [UInt8](repeating: 0, count: 64)
      let count = max(0, read(descriptor, &bytes, bytes.count))
      close(descriptor)
      let holder = String(decoding: bytes[..<count], as: UTF8.self)
      throw .locked(path: folder, holder: holder.isEmpty ? "another process" : holder)
    }
    ftruncate(descriptor, 0)
    let holder = Array("process \(getpid())".utf8)
    _ = holder.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  /// Lets others in before the object goes.
  public func release() { _ = flock(descriptor, LOCK_UN) }

  deinit { close(descriptor) }
}
