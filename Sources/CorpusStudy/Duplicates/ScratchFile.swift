import Corpus
import Foundation
import Store

/// A file of fixed records that goes away with its owner: written once, then read in any order.
final class ScratchFile {
  private let path: String
  private var writer: FileHandle?
  private var buffer: [UInt8] = []
  private(set) var byteCount = 0

  init(folder: String, name: String) throws(StoreError) {
    path = "\(folder)/\(name)"
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw .system(operation: "create", path: path) }
    writer = handle
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    buffer.append(contentsOf: bytes)
    byteCount += bytes.count
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Ends writing and maps what was written.
  func map() throws -> MappedFile {
    try flush()
    try writer?.close()
    writer = nil
    return try MappedFile(path: path)
  }

  private func flush() throws {
    guard !buffer.isEmpty else { return }
    do {
      try writer?.write(contentsOf: buffer)
    } catch {
      throw StoreError.system(
        operation: "write", path: path, reason: error.localizedDescription)
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
