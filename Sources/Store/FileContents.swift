public import Foundation
import Glibc

/// Whole small files in memory.
public enum FileContents {
  /// The bytes of the file `path`.
  ///
  /// - Throws: `StoreError.system` with the system's reason, also for a folder;
  ///   `StoreError.malformed` for a pipe, a socket or a device.
  public static func read(_ path: String) throws(StoreError) -> Data {
    let descriptor = try Descriptor.openFile(path)
    defer { close(descriptor) }
    return try bytes(of: descriptor, path)
  }

  /// The bytes of what a person names: a file, or a pipe, whose writer is waited for.
  ///
  /// - Throws: `StoreError.system` with the system's reason, also for a folder.
  public static func readStream(_ path: String) throws(StoreError) -> Data {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw .system(operation: "read", path: path) }
    defer { close(descriptor) }
    return try bytes(of: descriptor, path)
  }

  private static func bytes(of descriptor: Int32, _ path: String) throws(StoreError) -> Data {
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .system(operation: "read", path: path) }
    var data = Data()
    if status.st_mode & S_IFMT == S_IFREG { data.reserveCapacity(Int(status.st_size)) }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(operation: "read", path: path)
      }
      if count == 0 { return data }
      data.append(contentsOf: piece[..<count])
    }
  }

  /// The bytes of `path`; nil where there is no such file.
  ///
  /// - Throws: as `read`, for any other reason.
  public static func readIfPresent(_ path: String) throws(StoreError) -> Data? {
    do throws(StoreError) {
      return try read(path)
    } catch {
      if case .system(_, _, let failure) = error, failure.code == ENOENT { return nil }
      throw error
    }
  }
}
