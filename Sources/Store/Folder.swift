import Foundation
import Glibc

/// Folders: making, listing, syncing, replacing.
public enum Folder {
  /// Makes `path` and its parents; an existing folder is no error.
  public static func make(_ path: String) throws(StoreError) {
    if mkdir(path, 0o777) == 0 || errno == EEXIST && isFolder(path) { return }
    if errno == ENOENT, !path.isEmpty, parent(of: path) != path {
      try make(parent(of: path))
      if mkdir(path, 0o777) == 0 || errno == EEXIST && isFolder(path) { return }
    }
    throw .system(operation: "make the folder", path: path)
  }

  /// Makes names in `path` durable.
  public static func sync(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw .system(operation: "open the folder", path: path) }
    defer { close(descriptor) }
    try Descriptor.sync(descriptor, path: path)
  }

  /// Names in `path`, sorted, without `.` and `..`.
  public static func list(_ path: String) throws(StoreError) -> [String] {
    guard let folder = opendir(path) else { throw .system(operation: "list", path: path) }
    defer { closedir(folder) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(folder) {
      let name = String(cString: rawName(entry))
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    if errno != 0 { throw .system(operation: "list", path: path) }
    return names.sorted()
  }

  /// Calls `body` with the names in `path` as the file system gives them, until it says no; with none
  /// when there is no such folder.
  public static func walk(_ path: String, _ body: (_ name: String) -> Bool) {
    guard let folder = opendir(path) else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = String(cString: rawName(entry))
      if name != ".", name != "..", !body(name) { return }
    }
  }

  /// Whether `path` exists, file or folder.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether `path` is a folder.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Removes `path` and what it holds; a missing path is no error. Links are removed, not followed.
  public static func remove(_ path: String) throws(StoreError) {
    try remove(Array(path.utf8CString))
  }

  /// Gives a finished temporary folder its name, durably. Where an empty folder has it, that folder
  /// stays, and is filled; `finishPublishing` goes on where that was cut.
  ///
  /// - Throws: `StoreError.occupied` for a folder that holds more than a lock.
  public static func publish(_ temporary: String, as target: String) throws(StoreError) {
    try sync(temporary)
    if isFolder(target) {
      let names = try list(target).filter { $0 != FolderLock.name }
      guard names.isEmpty else {
        throw .occupied(
          path: target, found: OutputPath.words(names),
          instead: "Choose another folder, or remove this one.")
      }
      try AtomicFile.write([], to: "\(temporary)/\(fillingName)")
      return try fill(target, from: temporary)
    }
    if rename(temporary, target) != 0 { throw .system(operation: "rename to", path: target) }
    try sync(parent(of: target))
  }

  /// Goes on with a `publish` that a crash has cut.
  public static func finishPublishing(_ temporary: String, as target: String) throws(StoreError) {
    if exists("\(temporary)/\(fillingName)"), isFolder(target) {
      try fill(target, from: temporary)
    }
  }

  /// Stands in a finished folder while its files move.
  private static let fillingName = ".publishing"

  private static func fill(_ target: String, from temporary: String) throws(StoreError) {
    for name in try list(temporary) where name != fillingName {
      if rename("\(temporary)/\(name)", "\(target)/\(name)") != 0 {
        throw .system(operation: "rename to", path: "\(target)/\(name)")
      }
    }
    try sync(target)
    try remove(temporary)
    try sync(parent(of: target))
  }

  /// Gives a finished file its name, replacing what is there, durably.
  public static func publish(file temporary: String, as target: String) throws(StoreError) {
    if rename(temporary, target) != 0 { throw .system(operation: "rename to", path: target) }
    try sync(parent(of: target))
  }

  /// A second name for a file: a hard link, or a symbolic one where that cannot be.
  public static func link(_ path: String, as name: String) throws(StoreError) {
    if Glibc.link(path, name) == 0 { return }
    var target = path
    if !path.hasPrefix("/") { target = FileManager.default.currentDirectoryPath + "/" + path }
    if symlink(target, name) != 0 { throw .system(operation: "link", path: name) }
  }

  /// The folder that holds `path`; "." for a bare name.
  public static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Paths as the system has them: a name in a folder need not be UTF-8.
  private static func remove(_ path: [CChar]) throws(StoreError) {
    var status = stat()
    func failed(_ operation: String) -> StoreError {
      .system(
        operation: operation,
        path: path.withUnsafeBufferPointer { buffer in
          buffer.baseAddress.map { String(cString: $0) } ?? ""
        })
    }
    if lstat(path, &status) != 0 {
      if errno == ENOENT || errno == ENOTDIR { return }
      throw failed("remove")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      if unlink(path) != 0, errno != ENOENT { throw failed("remove") }
      return
    }
    guard let folder = opendir(path) else { throw failed("remove") }
    var names: [[CChar]] = []
    while let entry = readdir(folder) {
      let raw = rawName(entry)
      names.append(Array(UnsafeBufferPointer(start: raw, count: strlen(raw) + 1)))
    }
    closedir(folder)
    let slash = CChar(UInt8(ascii: "/"))
    for name in names where name != [46, 0] && name != [46, 46, 0] {
      try remove(path.dropLast() + [slash] + name)
    }
    if rmdir(path) != 0, errno != ENOENT { throw failed("remove") }
  }

  /// The name of an entry, as long as the entry itself is there.
  private static func rawName(_ entry: UnsafeMutablePointer<dirent>) -> UnsafePointer<CChar> {
    let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
    return UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
  }
}
