import CZlib
import CZstd

/// Bytes in order: of a file, or of what a compressed file holds. Single use, one thread.
protocol ByteStream: AnyObject {
  /// Fills `target` as far as it can; 0 means the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int
}

/// How much memory decompression may take.
public enum DecompressionLimit {
  /// Logarithm of the bytes that a zstd frame may look back, which decompression keeps in memory:
  /// half a gigabyte, so that a whole run stays below one.
  public static let windowLog = 29
  /// What a caller may allow: up to two gigabytes, the most that the format has in use.
  public static let windowLogs = 10...31
}

/// How a file is compressed, as its first bytes tell.
enum Compression {
  case none, gzip, zstd

  init(magic: [UInt8]) {
    if magic.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if magic.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      self = .zstd
    } else if magic.count >= 4, magic[0] & 0xF0 == 0x50, magic[1...3] == [0x2A, 0x4D, 0x18] {
      // A skippable frame: 0x184D2A5? in little-endian order.
      self = .zstd
    } else {
      self = .none
    }
  }

  /// The program that decompresses to standard output.
  var command: String? {
    switch self {
    case .none: nil
    case .gzip: "zcat"
    case .zstd: "zstd -dc"
    }
  }
}

/// Opens a file and looks at its first bytes to see how it is compressed.
func openStream(
  _ file: RawFile, windowLog: Int = DecompressionLimit.windowLog
) throws(CorpusError) -> any ByteStream {
  switch Compression(magic: try file.peek(4)) {
  case .gzip: try GzipStream(file)
  case .zstd: try ZstdStream(file, windowLog: windowLog)
  case .none: file
  }
}

/// The content of a zstd file of one frame or many.
final class ZstdStream: ByteStream {
  private let file: RawFile
  private let context: OpaquePointer
  private var produced = 0
  private var insideFrame = false
  private var failure: CorpusError?
  /// Input bytes that libzstd asks for next.
  private var wanted = frameStart
  /// The last call filled its target, so the library may hold more.
  private var holdsOutput = false
  private static let frameStart = 5
  private let windowLog: Int

  init(_ file: RawFile, windowLog: Int) throws(CorpusError) {
    guard let context = ZSTD_createDStream() else {
      throw .unreadable(path: file.path, reason: "libzstd has no memory")
    }
    // Frames made with --long look back further than the library allows by itself (2^27 bytes); only
    // such a frame takes the memory that it needs.
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Int32(windowLog))
    self.windowLog = windowLog
    self.file = file
    self.context = context
  }

  deinit { ZSTD_freeDStream(context) }

  func read(into target: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    if let failure { throw failure }
    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
    while output.pos < output.size, failure == nil {
      let available = try file.fill()
      if available.isEmpty && !insideFrame { break }
      // On a fault libzstd forgets what the call gave so far. A call that gets no more than it
      // asks for decodes one block, so that everything before a bad block comes out, always alike.
      // What it still holds comes out first, in a call of its own.
      let step = holdsOutput ? 0 : min(available.count, max(1, wanted))
      var input = ZSTD_inBuffer(src: available.baseAddress, size: step, pos: 0)
      let before = output.pos
      let result = ZSTD_decompressStream(context, &output, &input)
      file.take(input.pos)
      insideFrame = result != 0
      holdsOutput = output.pos == output.size
      wanted = result == 0 ? Self.frameStart : Int(result)
      if ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge {
        // No damage: the file is whole, and can be read with more memory.
        failure = .windowTooLarge(
          path: file.path, offset: produced + output.pos, windowLog: windowLog)
      } else if ZSTD_isError(result) != 0 {
        fail(String(cString: ZSTD_getErrorName(result)), after: output.pos)
      } else if available.isEmpty && output.pos == before && insideFrame {
        fail("the file ends inside a frame", after: output.pos)
      }
    }
    // What came out before a fault is good; the next call reports the fault.
    if output.pos == 0, let failure { throw failure }
    produced += output.pos
    return output.pos
  }

  private func fail(_ reason: String, after count: Int) {
    failure = .damagedStream(path: file.path, offset: produced + count, reason: reason)
  }
}

/// The content of a gzip file of one member or many (dictzip files too).
final class GzipStream: ByteStream {
  private let file: RawFile
  private let stream: UnsafeMutablePointer<z_stream>
  private var produced = 0
  private var insideMember = true
  private var failure: CorpusError?

  init(_ file: RawFile) throws(CorpusError) {
    self.file = file
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 16 on top of the largest window asks for the gzip wrapper.
    let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK { throw .unreadable(path: file.path, reason: "zlib has no memory") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    if let failure { throw failure }
    let size = min(target.count, 1 << 30)
    var filled = 0
    while filled < size, failure == nil {
      let available = try file.fill()
      if available.isEmpty {
        if insideMember { fail("the file ends inside a member", after: filled) }
        break
      }
      if insideMember || startMember(available) {
        filled += inflateMore(
          available, into: UnsafeMutableRawBufferPointer(rebasing: target[filled..<size]),
          after: filled)
      }
    }
    // What came out before a fault is good; the next call reports the fault.
    if filled == 0, let failure { throw failure }
    produced += filled
    return filled
  }

  /// Starts the next member; false if there was padding to skip, as some tools write it.
  private func startMember(_ available: UnsafeRawBufferPointer) -> Bool {
    if available.first == 0 {
      file.take(available.prefix { $0 == 0 }.count)
      return false
    }
    inflateReset(stream)
    insideMember = true
    return true
  }

  /// Decompresses into `target`; the number of bytes that came out.
  private func inflateMore(
    _ available: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, after: Int
  ) -> Int {
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: available.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(available.count)
    stream.pointee.next_out = target.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(target.count)
    let status = inflate(stream, Z_NO_FLUSH)
    file.take(available.count - Int(stream.pointee.avail_in))
    let count = target.count - Int(stream.pointee.avail_out)
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: insideMember = false
    default:
      fail(
        stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)",
        after: after + count)
    }
    return count
  }

  private func fail(_ reason: String, after count: Int) {
    failure = .damagedStream(path: file.path, offset: produced + count, reason: reason)
  }
}
