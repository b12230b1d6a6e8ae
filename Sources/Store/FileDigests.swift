import Foundation
import Glibc

/// SHA-256 of files, made once and kept: a digest holds while size, time of the last change and inode
/// of its file are what they were.
///
/// Any thread may ask. Who asks for a file that another thread is reading waits for that thread
/// instead of reading it, too.
public final class FileDigests: @unchecked Sendable {
  // Sendable: every access to the entries holds `condition`; files are read without it.

  /// One kept digest.
  private struct Entry: Codable {
    var state: FileState
    var sha256: String
  }

  /// Where the digests are kept; nil = only in memory.
  public let file: String?
  private let condition = NSCondition()
  /// By path; paths below the folder of `file` are relative to it, so that the folder can be moved.
  private var entries: [String: Entry]
  /// Bytes read so far of files that are being read.
  private var reading: [String: Int64] = [:]
  /// Saving takes turns: all write the same temporary file.
  private let saving = NSLock()

  /// Bytes of one piece, after each of which a reader asks whether to go on.
  private static let pieceBytes = 8 << 20
  /// A clock of a file system may stand still for so long: a file that changed within this time may
  /// change again without showing it.
  private static let clockTick: Int64 = 20_000_000
  /// Seconds after which one that waits for another thread's digest asks whether to go on.
  private static let patience = 0.1

  /// Goes on from `file`; a damaged one counts as empty, and the next digest replaces it.
  public init(file: String? = nil) {
    self.file = file
    let kept = file.flatMap {
      Folder.exists($0) ? try? JSONFile.read([String: Entry].self, from: $0) : nil
    }
    entries = kept ?? [:]
  }

  /// The digest of `path` if it is kept and the file is as it was; never reads the file.
  public func known(_ path: String) -> String? {
    guard let state = try? FileState(of: path) else { return nil }
    let key = key(path)
    condition.lock()
    defer { condition.unlock() }
    return entries[key].flatMap { $0.state == state ? $0.sha256 : nil }
  }

  /// Bytes that would have to be read to know all of `paths`; files that are not there count nothing.
  public func unknownBytes(_ paths: [String]) -> Int64 {
    paths.reduce(0) { sum, path in
      known(path) == nil ? sum + Int64((try? FileState(of: path))?.size ?? 0) : sum
    }
  }

  /// Hexadecimal SHA-256 of `path`, read in pieces of 8 MiB unless it is known.
  ///
  /// - Parameter goesOn: gets the bytes read so far, after every piece or about ten times a second
  ///   while another thread reads; not called for a file that is known.
  /// - Throws: `StoreError.stopped` when `goesOn` says no.
  public func sha256(
    of path: String, goesOn: (_ bytesRead: Int64) -> Bool = { _ in true }
  ) throws(StoreError) -> String {
    let key = key(path)
    while true {
      if let digest = known(path) { return digest }
      guard let read = begin(key) else { break }
      if !goesOn(read) { throw .stopped(path: path) }
    }
    defer { end(key) }
    let (state, digest) = try read(path, key, goesOn)
    // A file that changed meanwhile has the digest of neither content.
    if let state { keep(Entry(state: state, sha256: digest), key) }
    return digest
  }

  /// Takes the reading of a file over; if another thread has it, waits a little and gives the bytes
  /// that it has read.
  private func begin(_ key: String) -> Int64? {
    condition.lock()
    defer { condition.unlock() }
    guard reading[key] != nil else {
      reading[key] = 0
      return nil
    }
    _ = condition.wait(until: Date(timeIntervalSinceNow: Self.patience))
    return reading[key] ?? 0
  }

  private func end(_ key: String) {
    condition.lock()
    reading[key] = nil
    condition.broadcast()
    condition.unlock()
  }

  /// The digest of a file, and its state if it stayed the same while it was read.
  private func read(
    _ path: String, _ key: String, _ goesOn: (Int64) -> Bool
  ) throws(StoreError) -> (state: FileState?, digest: String) {
    let descriptor = try Descriptor.openFile(path)
    defer { close(descriptor) }
    var before = try FileState(of: descriptor, path: path)
    let age = before.age
    if (0..<Self.clockTick).contains(age) {
      usleep(UInt32((Self.clockTick - age) / 1000) + 1)
      before = try FileState(of: descriptor, path: path)
    }
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    var hasher = try Digest.Hasher()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 4096)
    defer { piece.deallocate() }
    var done: Int64 = 0
    while true {
      let count = Glibc.read(descriptor, piece.baseAddress, piece.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw .system(operation: "read", path: path) }
      if count == 0 { break }
      hasher.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      done += Int64(count)
      condition.withLock { reading[key] = done }
      if !goesOn(done) { throw .stopped(path: path) }
    }
    let after = try FileState(of: descriptor, path: path)
    return (before == after ? before : nil, hasher.finish())
  }

  private func keep(_ entry: Entry, _ key: String) {
    condition.withLock { entries[key] = entry }
    guard let file else { return }
    saving.withLock {
      let entries = condition.withLock { self.entries }
      // Without the file the digests are made again: no reason to fail.
      try? JSONFile.write(entries, to: file)
    }
  }

  /// The name under which the digest of `path` is kept.
  private func key(_ path: String) -> String {
    guard let file else { return path }
    let folder = Folder.parent(of: file) + "/"
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }
}
