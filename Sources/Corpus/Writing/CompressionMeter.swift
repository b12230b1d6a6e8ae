import CZstd

/// How small zstd makes bytes: counts what a stream would be, and keeps none of it.
public final class CompressionMeter {
  /// zstd's level.
  public let level: Int
  /// Bytes that came in, and that would go out; the latter is complete after `finish`.
  public private(set) var inputBytes = 0
  public private(set) var outputBytes = 0
  private let context: OpaquePointer
  private var output: [UInt8]

  /// - Parameter level: 1 to 19.
  /// - Throws: `CorpusError.setting` for another level, `unreadable` without memory.
  public init(level: Int) throws(CorpusError) {
    guard (1...19).contains(level) else {
      throw .setting(name: "the level of zstd", found: "\(level)", expected: "1 to 19")
    }
    guard let context = ZSTD_createCStream() else {
      throw .unreadable(path: "the sample", reason: "libzstd has no memory")
    }
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
    self.level = level
    self.context = context
    output = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
  }

  deinit { ZSTD_freeCStream(context) }

  /// Takes more bytes.
  public func append(_ bytes: [UInt8]) throws(CorpusError) {
    inputBytes += bytes.count
    try bytes.withBytes { bytes throws(CorpusError) in try compress(bytes, ZSTD_e_continue) }
  }

  /// Ends the stream.
  public func finish() throws(CorpusError) {
    try compress(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end)
  }

  /// Bytes in over bytes out: high for text that repeats itself.
  public var ratio: Double { outputBytes == 0 ? 0 : Double(inputBytes) / Double(outputBytes) }

  private func compress(
    _ bytes: UnsafeRawBufferPointer, _ directive: ZSTD_EndDirective
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
        throw .unreadable(
          path: "the sample", reason: String(cString: ZSTD_getErrorName(remaining)))
      }
      outputBytes += written
    }
  }
}
