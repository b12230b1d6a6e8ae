import CZstd

/// A stream of zstd: bytes in, pieces of what they become out.
final class ZstdCompressor {
  private let context: OpaquePointer
  private var output: ContiguousArray<UInt8>
  /// What errors name.
  private let path: String

  /// - Throws: `CorpusError.unreadable` without memory.
  init(level: Int32, hasChecksum: Bool, path: String) throws(CorpusError) {
    guard let context = ZSTD_createCStream() else {
      throw .unreadable(path: path, reason: "libzstd has no memory")
    }
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, hasChecksum ? 1 : 0)
    self.context = context
    self.path = path
    output = ContiguousArray(repeating: 0, count: ZSTD_CStreamOutSize())
  }

  deinit { ZSTD_freeCStream(context) }

  /// Takes bytes; `take` is given what is complete by then.
  func append(
    _ bytes: UnsafeRawBufferPointer,
    _ take: (ArraySlice<UInt8>) throws(CorpusError) -> Void
  ) throws(CorpusError) {
    try run(bytes, ZSTD_e_continue, take)
  }

  /// Ends the stream; `take` is given the rest of it.
  func finish(_ take: (ArraySlice<UInt8>) throws(CorpusError) -> Void) throws(CorpusError) {
    try run(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end, take)
  }

  private func run(
    _ bytes: UnsafeRawBufferPointer, _ directive: ZSTD_EndDirective,
    _ take: (ArraySlice<UInt8>) throws(CorpusError) -> Void
  ) throws(CorpusError) {
    var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
    var remaining = 1
    while directive == ZSTD_e_end ? remaining != 0 : input.pos < input.size {
      var written = 0
      remaining = output.withUnsafeMutableBytes { target in
        var out = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let result = ZSTD_compressStream2(context, &out, &input, directive)
        written = out.pos
        return result
      }
      if ZSTD_isError(remaining) != 0 {
        throw .unreadable(path: path, reason: String(cString: ZSTD_getErrorName(remaining)))
      }
      try take(output[..<written])
    }
  }
}
