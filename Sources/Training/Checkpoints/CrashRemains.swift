import Store

/// Temporary files that a crash left beside the file that they were to replace.
enum CrashRemains {
  /// Removes them from `folder`; a missing folder holds none.
  static func remove(from folder: String) throws(StoreError) {
    guard Folder.isFolder(folder) else { return }
    for name in try Folder.list(folder) where name.contains(".tmp-") {
      try Folder.remove(folder + "/" + name)
    }
  }
}
