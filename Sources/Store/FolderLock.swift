import Glibc

/// Holds a place that is written: a second program is refused, and told who writes there.
///
/// The lock is the kernel's (`flock`): it ends with its process, however that ends, and a file that a
/// killed process has left holds nobody up. The file names the holder for people; it goes away with
/// the lock.
public final class FolderLock: @unchecked Sendable {
  // Sendable: `descriptor` changes in `release()` alone, which its owner calls once.
  private var descriptor: Int32
  private let file: String

  /// Whether the file system keeps others out; some network file systems have no locks.
  public let isEnforced: Bool

  /// The name of the file inside a folder that grows in place.
  public static let name = ".lock"
  /// What is appended to the name of a place that appears by renaming.
  public static let suffix = ".lock"

  /// Holds a folder that is there: a run, scores, commits, a project.
  public convenience init(folder: String) throws(StoreError) {
    try self.init(place: folder, file: "\(folder)/\(Self.name)")
  }

  /// Holds the name of a file or folder that will appear there.
  public convenience init(output: String) throws(StoreError) {
    try self.init(place: output, file: output + Self.suffix)
  }

  private init(place: String, file: String) throws(StoreError) {
    self.file = file
    while true {
      let opened = try Self.open(file)
      if flock(opened, LOCK_EX | LOCK_NB) != 0 {
        let reason = errno
        if reason == EWOULDBLOCK {
          let holder = Self.holder(opened)
          close(opened)
          throw .locked(path: place, holder: holder)
        }
        if reason == EINTR {
          close(opened)
          continue
        }
        guard [ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL, EBADF].contains(reason) else {
          close(opened)
          throw .system(operation: "lock", path: place, failure: SystemFailure(code: reason))
        }
        descriptor = opened
        isEnforced = false
        return
      }
      // Between opening and locking, the holder before may have removed the file.
      guard Self.isSame(opened, file) else {
        close(opened)
        continue
      }
      descriptor = opened
      isEnforced = true
      Self.write(ProcessText.own, to: opened)
      return
    }
  }

  /// Lets others in; the file goes away.
  public func release() {
    guard descriptor >= 0 else { return }
    if !isEnforced || Self.isSame(descriptor, file) { unlink(file) }
    close(descriptor)
    descriptor = -1
  }

  deinit { release() }

  private static func open(_ file: String) throws(StoreError) -> Int32 {
    var opened = Glibc.open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    // Another user's file that a killed process has left can still be locked.
    if opened < 0, errno == EACCES { opened = Glibc.open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
    if opened < 0 { throw .system(operation: "create", path: file) }
    return opened
  }

  private static func isSame(_ descriptor: Int32, _ file: String) -> Bool {
    var (ours, theirs) = (stat(), stat())
    return fstat(descriptor, &ours) == 0 && lstat(file, &theirs) == 0
      && ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev
  }

  private static func write(_ text: String, to descriptor: Int32) {
    // Without the text the lock holds as well.
    _ = ftruncate(descriptor, 0)
    _ = Array(text.utf8).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  /// What the holder has written; it may just be about to.
  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 1024)
    for _ in 0..<20 {
      let count = pread(descriptor, &bytes, bytes.count, 0)
      if count > 0 { return String(decoding: bytes[..<count], as: UTF8.self) }
      usleep(10_000)
    }
    return "another process"
  }
}
