import Glibc

/// What tells whether a file was touched while it was read.
struct InputState: Equatable {
  let size: Int
  /// Nanoseconds since 1970: the last change of the content...
  let modified: Int64
  /// ...and of anything, which nobody can set back.
  private let changed: Int64
  private let inode: UInt64
  private let device: UInt64
  let isRegular: Bool

  init(_ status: stat) {
    size = Int(status.st_size)
    modified = Self.nanoseconds(status.st_mtim)
    changed = Self.nanoseconds(status.st_ctim)
    inode = UInt64(status.st_ino)
    device = UInt64(status.st_dev)
    isRegular = status.st_mode & S_IFMT == S_IFREG
  }

  /// The state of a path now; nil where there is nothing, or nothing that it leads to.
  init?(of path: String) {
    var status = stat()
    guard FileName.withPath(path, { stat($0, &status) }) == 0 else { return nil }
    self.init(status)
  }

  /// What was done to a file that is `later` now; nil if nothing was.
  ///
  /// - Parameter ofContentAlone: whether a further name of the file, or other rights, is nothing.
  func difference(
    to later: InputState, ofContentAlone: Bool = false
  ) -> (found: String, expected: String)? {
    let hasContent =
      later.size == size && later.modified == modified && later.inode == inode
      && later.device == device
    if hasContent, ofContentAlone || later == self { return nil }
    if later.size != size {
      return ("\(later.size) bytes", "the \(size) bytes that it had")
    }
    if later.inode != inode || later.device != device {
      return ("another file under its name", "the one that was opened")
    }
    return ("a later change", "none since it was opened")
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
