import Foundation
import Glibc

/// Folders: making, listing, syncing, replacing.
public enum Folder {
  /// Makes `path` and its parents; an existing folder is no error.
  public static func make(_ path: String) throws(StoreError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .system(operation: "make the folder", path: path, reason: reason(error))
    }
  }

  /// Makes names in `path` durable.
  public static func sync(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw .system(operation: "open the folder", path: path) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw .system(operation: "sync the folder", path: path) }
  }

  /// Names in `path`, sorted, without `.` and `..`.
  public static func list(_ path: String) throws(StoreError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw .system(operation: "list", path: path, reason: reason(error))
    }
  }

  /// Calls `body` with the names in `path` as the file system gives them, until it says no; with none
  /// when there is no such folder.
  public static func walk(_ path: String, _ body: (_ name: String) -> Bool) {
    guard let folder = opendir(path) else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != "..", !body(name) { return }
    }
  }

  /// Whether `path` exists, file or folder.
  public static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Whether `path` is a folder.
  public static func isFolder(_ path: String) -> Bool {
    var folder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &folder) && folder.boolValue
  }

  /// Removes `path` and what it holds; a missing path is no error.
  public static func remove(_ path: String) throws(StoreError) {
    guard exists(path) else { return }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw .system(operation: "remove", path: path, reason: reason(error))
    }
  }

  /// Gives a finished temporary folder its name, durably; `target` must not exist.
  public static func publish(_ temporary: String, as target: String) throws(StoreError) {
    try sync(temporary)
    if rename(temporary, target) != 0 { throw .system(operation: "rename to", path: target) }
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

  /// The system's own words for an error, where there is a system's error behind it.
  private static func reason(_ error: any Error) -> String {
    let error = error as NSError
    if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError,
      cause.domain == NSPOSIXErrorDomain
    {
      return String(cString: strerror(Int32(truncatingIfNeeded: cause.code)))
    }
    let text = error.localizedDescription
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// The folder that holds `path`; "." for a bare name.
  public static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
