import Glibc
import Store

/// A file of fixed records that goes away with its owner: written once, then read in any order.
final class ScratchFile {
  private let path: String
  private var writer: AppendFile?
  private(set) var byteCount = 0

  init(folder: String, name: String) throws(StoreError) {
    path = "\(folder)/\(name)"
    writer = try AppendFile(path: path, bufferSize: 1 << 16)
  }

  deinit { unlink(path) }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    try writer?.append(bytes)
    byteCount += bytes.count
  }

  /// Ends writing and maps what was written.
  func map() throws -> MappedFile {
    try writer?.flush()
    writer = nil
    return try MappedFile(path: path)
  }
}
