import Glibc

/// A pipe, a device or standard input: it gives its bytes once, so that what was read to look at it
/// is kept for whoever reads it. One thread at a time.
final class StreamHead: @unchecked Sendable {
  // Sendable: handed from who looks to who reads, never used by both.

  private let path: String
  private let descriptor: Int32
  private let isStopping: @Sendable () -> Bool
  private var kept: [UInt8] = []
  private var hasEnded = false
  private(set) var isTaken = false

  /// Most bytes that are kept.
  private static let limit = 24 << 20
  /// Milliseconds after which a wait asks whether to go on.
  private static let patience: Int32 = 100

  /// Opens a stream; a named pipe that nobody writes to yet does not hold the caller up.
  init(path: String, isStopping: @escaping @Sendable () -> Bool) throws(CorpusError) {
    self.path = path
    self.isStopping = isStopping
    // A descriptor that is open already may be a socket, which has no name to open.
    descriptor =
      if let number = Self.descriptor(named: path) {
        fcntl(number, F_DUPFD_CLOEXEC, 0)
      } else {
        FileName.withPath(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
      }
    if descriptor < 0 {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The number in names such as `/dev/fd/63`; nil for others.
  static func descriptor(named path: String) -> Int32? {
    if path == InputFile.standardInput || path == "/dev/stdin" { return STDIN_FILENO }
    for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
      return Int32(path.dropFirst(prefix.count))
    }
    return nil
  }

  /// Hands the stream to its reader.
  ///
  /// - Throws: `unreadable` for a second one.
  func take() throws(CorpusError) {
    if isTaken {
      throw .unreadable(
        path: path, reason: "it is a stream, which gives its bytes once, and was read already")
    }
    isTaken = true
  }

  /// Bytes from `position` on; 0 at the end, and for who only looks also where he has seen enough.
  func read(
    into target: UnsafeMutableRawBufferPointer, at position: Int, isLooking: Bool
  ) throws(CorpusError) -> Int {
    if position < kept.count {
      let count = min(target.count, kept.count - position)
      kept.withUnsafeBytes {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
      }
      return count
    }
    if isLooking, kept.count >= Self.limit { return 0 }
    if hasEnded { return 0 }
    if !isLooking, !kept.isEmpty, position >= kept.count { kept = [] }
    let count = try readStream(into: target)
    hasEnded = count == 0
    if isLooking { kept.append(contentsOf: target[..<count]) }
    return count
  }

  private func readStream(into target: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    while true {
      try wait()
      let count = Glibc.read(descriptor, target.baseAddress, target.count)
      if count >= 0 { return count }
      if errno != EINTR, errno != EAGAIN {
        throw .unreadable(path: path, reason: String(cString: strerror(errno)))
      }
    }
  }

  /// Waits until there are bytes, or an end.
  private func wait() throws(CorpusError) {
    while true {
      if isStopping() { throw .cancelled }
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&entry, 1, Self.patience)
      if ready > 0 { return }
      if ready < 0, errno != EINTR {
        throw .unreadable(path: path, reason: String(cString: strerror(errno)))
      }
    }
  }
}
