import Glibc
import Store

/// A place that a verb writes.
package enum WrittenPlace {
  /// A folder that grows in place.
  case folder(String)
  /// A file or folder that appears under its name when it is whole.
  case output(String)
}

extension Work {
  /// Writes `places` while nobody else does: holds them, and lets them go. Folders that were made for
  /// it and stayed empty go away when the work fails.
  ///
  /// - Throws: `StoreError.locked`, with nothing touched; what `body` throws.
  package func holding<Result>(
    _ places: [WrittenPlace], _ body: () throws -> Result
  ) throws -> Result {
    var locks: [FolderLock] = []
    var made: [String] = []
    do {
      for place in places {
        let (folder, path) =
          switch place {
          case .folder(let path): (path, path)
          case .output(let path): (Folder.parent(of: path), path)
          }
        made += Self.missingFolders(of: folder)
        try Folder.make(folder)
        let lock =
          if case .folder = place {
            try FolderLock(folder: path)
          } else {
            try FolderLock(output: path)
          }
        locks.append(lock)
        if !lock.isEnforced {
          note(
            "the file system of \(path) has no locks: see to it that no other program writes there",
            .warning)
        }
      }
      let result = try body()
      for lock in locks { lock.release() }
      return result
    } catch {
      for lock in locks { lock.release() }
      // One that holds something stays.
      for folder in made.reversed() { rmdir(folder) }
      throw error
    }
  }

  /// Folders that making `path` will make, the outermost first.
  private static func missingFolders(of path: String) -> [String] {
    var (missing, above): ([String], String) = ([], path)
    while !Folder.exists(above), above != "/", above != "." {
      missing.insert(above, at: 0)
      above = Folder.parent(of: above)
    }
    return missing
  }
}
