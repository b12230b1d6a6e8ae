import Foundation
import Glibc

/// Writes whole files so that a reader, or a crash, sees the old content or the new one, never a
/// part: temporary file beside the target, fsync, rename, fsync of the folder.
public enum AtomicFile {
  /// Replaces `path` by `bytes`.
  public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws(StoreError) {
    let array = ContiguousArray(bytes)
    try write(to: path) { (writer) throws(StoreError) in
      try writer.write(array)
    }
  }

  /// Replaces `path` by UTF-8 text.
  public static func write(text: String, to path: String) throws(StoreError) {
    try write(text.utf8, to: path)
  }

  /// Replaces `path` by what `body` writes; nothing changes if `body` throws.
  public static func write(
    to path: String, _ body: (inout FileWriter) throws(StoreError) -> Void
  ) throws(StoreError) {
    var writer = try FileWriter(replacing: path)
    do throws(StoreError) {
      try body(&writer)
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }
}

/// A buffered writer to a temporary file that `commit()` renames to its target.
///
/// For files that are too large to be built in memory. Call exactly one of `commit()` and
/// `discard()`; a writer that is dropped without either leaves only a `.tmp-` file behind.
public struct FileWriter: ~Copyable {
  /// Where the file will stand after `commit()`.
  public let path: String
  /// Bytes given to `write` so far.
  public private(set) var byteCount = 0
  private let temporaryPath: String
  private var descriptor: Int32
  private var buffer: ContiguousArray<UInt8> = []
  private static let bufferSize = 1 << 18

  /// Opens a temporary file beside `path`.
  ///
  /// - Throws: `StoreError.unusableOutput` where something stands that is no file: renaming would
  ///   take a pipe or a device away.
  public init(replacing path: String) throws(StoreError) {
    self.path = path
    temporaryPath = TemporaryName.of(path)
    descriptor = -1
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw .unusableOutput(
        path: path,
        found: status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a pipe, socket or device",
        expected: "the name of a file")
    }
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw .system(operation: "create", path: temporaryPath) }
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Appends bytes.
  public mutating func write(_ bytes: ContiguousArray<UInt8>) throws(StoreError) {
    let failure = bytes.withUnsafeBytes { raw in
      Self.capture { () throws(StoreError) in try write(raw) }
    }
    if let failure { throw failure }
  }

  /// Appends bytes.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    byteCount += bytes.count
    if bytes.count + buffer.count > Self.bufferSize { try flush() }
    if bytes.count >= Self.bufferSize {
      try writeAll(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  /// Appends UTF-8 text.
  public mutating func write(text: String) throws(StoreError) {
    try write(ContiguousArray(text.utf8))
  }

  /// Makes the content durable and visible under `path`.
  public mutating func commit() throws(StoreError) {
    try flush()
    try Descriptor.sync(descriptor, path: temporaryPath)
    let finished = descriptor
    descriptor = -1
    try Descriptor.close(finished, path: temporaryPath)
    try Folder.publish(file: temporaryPath, as: path)
  }

  /// Removes the temporary file.
  public mutating func discard() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    unlink(temporaryPath)
  }

  private mutating func flush() throws(StoreError) {
    let pending = buffer
    buffer.removeAll(keepingCapacity: true)
    let failure = pending.withUnsafeBytes { raw in
      Self.capture { () throws(StoreError) in try writeAll(raw) }
    }
    if let failure { throw failure }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    try Descriptor.writeAll(bytes, to: descriptor, path: path)
  }

  private static func capture(_ body: () throws(StoreError) -> Void) -> StoreError? {
    do throws(StoreError) {
      try body()
      return nil
    } catch {
      return error
    }
  }
}
