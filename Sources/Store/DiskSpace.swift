import Glibc

/// How much room there is.
public enum DiskSpace {
  /// Bytes free for this user on the disk of `path` or of its nearest parent that exists.
  public static func free(at path: String) throws(StoreError) -> Int {
    var path = path
    while !Folder.exists(path), path != "/", path != "." { path = Folder.parent(of: path) }
    var status = statvfs()
    if statvfs(path, &status) != 0 { throw .system(operation: "examine the disk of", path: path) }
    return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
  }
}
