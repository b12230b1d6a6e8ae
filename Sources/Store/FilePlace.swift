import Glibc

/// A regular file whatever its names: two paths of one file, through links too, have the same place.
public struct FilePlace: Sendable, Hashable {
  public let device: UInt64
  public let inode: UInt64
  /// Bytes.
  public let size: Int

  /// nil where `path` leads to no regular file.
  public init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int(status.st_size)
  }
}
