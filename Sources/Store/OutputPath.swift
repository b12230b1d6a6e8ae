import Glibc

/// A place for results: what a person typed, made into a path that names may be appended to, and
/// looked at before any work begins. The one place that makes paths of outputs.
///
/// Slashes at the end and `.` go away, `~` is the home folder also where no shell expanded it, `..`
/// is resolved where that needs the disk, and a symbolic link stands for what it leads to. Missing
/// parents are made when the work begins to write, never before.
public struct OutputPath: Sendable, Equatable {
  /// As it was given, for messages.
  public let typed: String
  /// The path: no slash at the end, never empty, never a symbolic link.
  public let path: String

  /// Longest last name in bytes: work files append up to 35 to it, and file systems take 255.
  static let longestName = 220

  /// - Throws: `StoreError.unusableOutput` for what can be no place for results, and
  ///   `StoreError.system` for a folder above it that may not be written.
  public init(_ typed: String) throws(StoreError) {
    self.typed = typed
    guard !typed.isEmpty else {
      throw .unusableOutput(path: typed, found: "an empty name", expected: "the path of a place")
    }
    if ArgumentBytes.wasRepaired(typed) {
      throw .unusableOutput(
        path: typed, found: "a name that is not UTF-8, so that it would be changed",
        expected: "a name in UTF-8")
    }
    path = try Self.resolved(try Self.expanded(typed), typed: typed)
    let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map(\.count) ?? 0
    guard name <= Self.longestName else {
      throw .unusableOutput(
        path: typed, found: "a name of \(name) bytes", expected: "at most \(Self.longestName)")
    }
    try Self.requireWritableParent(of: path, typed: typed)
  }

  /// A folder.
  ///
  /// - Parameter isPublished: whether it appears at once when it is whole; then a mount of its own is
  ///   refused, since work files beside it lie on another file system.
  /// - Throws: also `StoreError.occupied` for a file.
  public init(folder typed: String, isPublished: Bool = false) throws(StoreError) {
    try self.init(typed)
    guard Folder.exists(path) else { return }
    guard Folder.isFolder(path) else {
      throw .occupied(
        path: typed, found: "a file", instead: "Name a folder that is empty or does not exist.")
    }
    if access(path, W_OK | X_OK) != 0 { throw .system(operation: "write in", path: typed) }
    var (own, above) = (stat(), stat())
    if isPublished, stat(path, &own) == 0, stat(Folder.parent(of: path), &above) == 0,
      own.st_dev != above.st_dev
    {
      throw .unusableOutput(
        path: typed, found: "a mount of its own", expected: "a folder inside it, as \(path)/result")
    }
  }

  /// A file that does not exist yet.
  ///
  /// - Throws: also `StoreError.occupied`, naming what is there.
  public init(file typed: String) throws(StoreError) {
    if typed.hasSuffix("/") {
      throw .unusableOutput(path: typed, found: "the name of a folder", expected: "that of a file")
    }
    try self.init(typed)
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    let (found, instead) =
      switch status.st_mode & S_IFMT {
      case S_IFREG:
        (
          "\(status.st_size) bytes",
          "If this command made it, it is done; else choose another name, or remove the file."
        )
      case S_IFDIR: ("the content of a folder", "Name a file in it, as \(path)/NAME.")
      default:
        ("no regular file but a device or pipe", "Leave out --output to write to standard output.")
      }
    throw .occupied(path: typed, found: found, instead: instead)
  }

  /// Names in the folder there, besides those of locks; none where it is missing or empty.
  public func content() throws(StoreError) -> [String] {
    guard Folder.exists(path) else { return [] }
    return try Folder.list(path).filter { $0 != FolderLock.name }
  }

  /// Refuses a folder that holds anything.
  ///
  /// - Throws: `StoreError.occupied`, naming what is there.
  public func requireFree() throws(StoreError) {
    let names = try content()
    if names.isEmpty { return }
    throw .occupied(
      path: typed, found: Self.words(names),
      instead: "Choose another folder, or remove this one.")
  }

  /// Refuses to write into what is read, and to write two results into one place.
  ///
  /// - Parameters:
  ///   - others: paths that exist or not, with what they are ("the shards", "--rest").
  ///   - mayBeInside: whether a place inside one of them will do.
  public func requireApart(
    from others: [(path: String, what: String)], mayBeInside: Bool = false
  ) throws(StoreError) {
    let own = Self.canonical(path)
    for other in others {
      let theirs = Self.canonical(other.path)
      if own == theirs {
        throw .unusableOutput(
          path: typed, found: "the place of \(other.what)", expected: "another place")
      }
      if !mayBeInside, own.hasPrefix(theirs == "/" ? theirs : theirs + "/") {
        throw .unusableOutput(
          path: typed, found: "a place inside \(other.what) (\(other.path))",
          expected: "one outside of it")
      }
    }
  }

  /// Some of the names, for a person who looks for what is there.
  public static func words(_ names: [String]) -> String {
    names.count <= 3
      ? names.joined(separator: ", ")
      : names.prefix(2).joined(separator: ", ") + " and \(names.count - 2) more"
  }

  // MARK: - Resolving

  private static func expanded(_ typed: String) throws(StoreError) -> String {
    guard typed == "~" || typed.hasPrefix("~/") else { return typed }
    guard let home = getenv("HOME") else {
      throw .unusableOutput(
        path: typed, found: "~, and no variable HOME", expected: "the path of the folder")
    }
    return String(cString: home) + typed.dropFirst()
  }

  private static func resolved(_ path: String, typed: String) throws(StoreError) -> String {
    var result = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") where part != "." {
      if part != ".." || result.isEmpty || result == ".." || result.hasSuffix("/..") {
        result += result.isEmpty || result == "/" ? part : "/" + part
      } else if isLink(result) {
        // The folder above is that of what the link leads to.
        result = Folder.parent(of: try real(result, typed: typed))
      } else if result != "/" {
        result = result.contains("/") ? Folder.parent(of: result) : ""
      }
    }
    if result.isEmpty { return try real(".", typed: typed) }
    let needsDisk = result == ".." || result.hasSuffix("/..") || isLink(result)
    return needsDisk ? try real(result, typed: typed) : result
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return !path.isEmpty && lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func real(_ path: String, typed: String) throws(StoreError) -> String {
    guard let found = realpath(path, nil) else {
      var status = stat()
      // A link to a pipe has no path behind it, but it leads somewhere.
      if stat(path, &status) == 0 { return path }
      guard isLink(path) else { throw .system(operation: "use", path: typed) }
      throw .unusableOutput(
        path: typed, found: "a symbolic link that leads nowhere", expected: "a link to a folder")
    }
    defer { free(found) }
    return String(cString: found)
  }

  private static func requireWritableParent(of path: String, typed: String) throws(StoreError) {
    var above = Folder.parent(of: path)
    while !Folder.exists(above) {
      if errno != ENOENT, errno != ENOTDIR { throw .system(operation: "use", path: above) }
      if isLink(above) {
        throw .unusableOutput(
          path: typed, found: "a symbolic link that leads nowhere, \(above)",
          expected: "a folder above it")
      }
      above = Folder.parent(of: above)
    }
    guard Folder.isFolder(above) else {
      throw .unusableOutput(path: typed, found: "a file, \(above)", expected: "a folder above it")
    }
    if access(above, W_OK | X_OK) != 0 { throw .system(operation: "write in", path: above) }
  }

  /// The path from the root without links, also of what does not exist yet.
  public static func canonical(_ path: String) -> String {
    var (existing, tail) = (path, "")
    while true {
      if let found = realpath(existing, nil) {
        defer { free(found) }
        let text = String(cString: found)
        return (text == "/" && !tail.isEmpty ? "" : text) + tail
      }
      guard existing != "/", existing != "." else { return path }
      tail = "/" + (existing.split(separator: "/").last.map(String.init) ?? "") + tail
      existing = Folder.parent(of: existing)
    }
  }
}
