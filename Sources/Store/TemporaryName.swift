import Glibc

/// What is called so while it is written: the name that it will have, and the process that writes it.
public enum TemporaryName {
  private static let sign = ".tmp-"

  /// The name of what this process writes for `path`.
  public static func of(_ path: String) -> String { "\(path)\(sign)\(getpid())" }

  /// The process that writes what is called so; nil for other names.
  public static func writer(of name: String) -> Int32? {
    var digits = Substring(name)
    while let last = digits.last, last != "-" { digits.removeLast() }
    guard digits.hasSuffix(sign), digits.count > sign.count else { return nil }
    return Int32(name.dropFirst(digits.count)).flatMap { $0 > 0 ? $0 : nil }
  }

  /// Removes what processes that are gone have left in a folder, and in the folders within it; links
  /// are not followed. Whoever holds the folder calls it before writing there: what has the number of
  /// this process is of an earlier one that had it.
  ///
  /// - Returns: how many files and folders were removed.
  @discardableResult
  public static func removeLeftovers(below folder: String) throws(StoreError) -> Int {
    var removed = 0
    for name in try Folder.list(folder) {
      let path = "\(folder)/\(name)"
      if let writer = writer(of: name) {
        guard writer == getpid() || isGone(writer) else { continue }
        try Folder.remove(path)
        removed += 1
      } else if isOwnFolder(path) {
        removed += try removeLeftovers(below: path)
      }
    }
    return removed
  }

  private static func isGone(_ process: Int32) -> Bool { kill(process, 0) != 0 && errno == ESRCH }

  private static func isOwnFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
