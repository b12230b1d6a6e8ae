import Glibc
import Store

/// A file as it is on disk, or a stream as it comes, with the digest of what was read so far.
final class RawFile: ByteStream {
  let path: String
  private(set) var bytesRead = 0
  private let descriptor: Int32
  private let stream: StreamHead?
  private let isLooking: Bool
  /// The state of a regular file when it was opened.
  private let state: InputState?
  private var hasher: Digest.Hasher?
  private let buffer: UnsafeMutableRawBufferPointer
  private var pending: Range<Int> = 0..<0

  static let bufferSize = 1 << 20

  /// Opens an input; `digesting` keeps an SHA-256 of all bytes.
  ///
  /// - Parameter isLooking: what is read of a stream stays there for who reads it later.
  convenience init(
    _ file: InputFile, digesting: Bool = false, isLooking: Bool = false
  ) throws(CorpusError) {
    if let stream = file.stream {
      if !isLooking { try stream.take() }
      try self.init(file.path, -1, nil, stream, isLooking, digesting)
    } else {
      try self.init(path: file.path, digesting: digesting)
    }
  }

  /// Opens a file that can be read as often as one likes.
  convenience init(path: String, digesting: Bool) throws(CorpusError) {
    let descriptor = FileName.withPath(path) { open($0, O_RDONLY | O_CLOEXEC) }
    if descriptor < 0 {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    var status = stat()
    let state = fstat(descriptor, &status) == 0 ? InputState(status) : nil
    try self.init(path, descriptor, state, nil, false, digesting)
  }

  private init(
    _ path: String, _ descriptor: Int32, _ state: InputState?, _ stream: StreamHead?,
    _ isLooking: Bool, _ digesting: Bool
  ) throws(CorpusError) {
    self.path = path
    self.descriptor = descriptor
    self.state = state
    self.stream = stream
    self.isLooking = isLooking
    buffer = .allocate(byteCount: Self.bufferSize, alignment: 64)
    do throws(StoreError) {
      hasher = digesting ? try Digest.Hasher() : nil
    } catch {
      throw .store(error)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    buffer.deallocate()
  }

  /// Bytes of the buffer that nobody has taken; empty at the end of the file.
  func fill() throws(CorpusError) -> UnsafeRawBufferPointer {
    if pending.isEmpty { pending = 0..<(try readFile(into: buffer)) }
    return UnsafeRawBufferPointer(rebasing: buffer[pending])
  }

  /// Marks bytes of `fill()` as taken.
  func take(_ count: Int) {
    pending = (pending.lowerBound + count)..<pending.upperBound
  }

  /// The first bytes of the file, without taking them; a pipe may give them one by one.
  func peek(_ count: Int) throws(CorpusError) -> [UInt8] {
    _ = try fill()
    while pending.count < count, pending.upperBound < buffer.count {
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[pending.upperBound...])
      let more = try readFile(into: room)
      if more == 0 { break }
      pending = pending.lowerBound..<pending.upperBound + more
    }
    return Array(buffer[pending].prefix(count))
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    let available = try fill()
    let count = min(available.count, target.count)
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: available[..<count]))
    take(count)
    return count
  }

  /// Reads what is left and returns the hexadecimal SHA-256 of the whole file.
  func finishDigest() throws(CorpusError) -> String? {
    guard hasher != nil else { return nil }
    while try !fill().isEmpty { pending = 0..<0 }
    return hasher.take()?.finish()
  }

  /// Goes to a place of the file; without a digest only.
  func seek(to offset: Int) throws(CorpusError) {
    pending = 0..<0
    if lseek(descriptor, off_t(offset), SEEK_SET) < 0 {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// Size and time of the file as it was read to its end; of a stream, what was read.
  ///
  /// - Throws: `changedWhileRead` where somebody wrote to the file meanwhile, or put another in its
  ///   place: what was read is then no content that the file ever had.
  func finishedState(readWhole: Bool) throws(CorpusError) -> (size: Int, modified: Int64) {
    guard let state, state.isRegular else { return (bytesRead, 0) }
    var status = stat()
    let later = fstat(descriptor, &status) == 0 ? InputState(status) : nil
    guard let later, let named = InputState(of: path) else {
      throw .changedWhileRead(
        path: path, found: "no file any more", expected: "the \(state.size) bytes that it had")
    }
    for now in [later, named] {
      if let (found, expected) = state.difference(to: now) {
        throw .changedWhileRead(path: path, found: found, expected: expected)
      }
    }
    // Files that the system makes up as they are read name no size.
    if readWhole, state.size > 0, bytesRead != state.size {
      throw .changedWhileRead(
        path: path, found: "\(bytesRead) bytes", expected: "the \(state.size) bytes that it had")
    }
    return (state.size, state.modified)
  }

  private func readFile(into target: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    let count =
      if let stream {
        try stream.read(into: target, at: bytesRead, isLooking: isLooking)
      } else {
        try readDescriptor(into: target)
      }
    hasher?.update(UnsafeRawBufferPointer(rebasing: target[..<count]))
    bytesRead += count
    return count
  }

  private func readDescriptor(
    into target: UnsafeMutableRawBufferPointer
  ) throws(CorpusError) -> Int {
    while true {
      let count = Glibc.read(descriptor, target.baseAddress, target.count)
      if count >= 0 { return count }
      if errno != EINTR {
        throw .unreadable(path: path, reason: String(cString: strerror(errno)))
      }
    }
  }
}
