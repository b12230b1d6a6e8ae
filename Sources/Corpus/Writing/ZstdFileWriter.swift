import CZstd
import Store

/// Writes a zstd file atomically; equal content gives equal bytes with one version of libzstd.
struct ZstdFileWriter: ~Copyable {
  private var file: FileWriter
  private let context: Context
  private var output: ContiguousArray<UInt8>

  /// Owns the compressor of libzstd.
  private final class Context {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { self.pointer = pointer }
    deinit { ZSTD_freeCStream(pointer) }
  }

  /// Opens a temporary file beside `path`.
  init(replacing path: String, level: Int32) throws(CorpusError) {
    guard let pointer = ZSTD_createCStream() else {
      throw .unreadable(path: path, reason: "libzstd has no memory")
    }
    let context = Context(pointer)
    ZSTD_CCtx_setParameter(pointer, ZSTD_c_compressionLevel, level)
    ZSTD_CCtx_setParameter(pointer, ZSTD_c_checksumFlag, 1)
    let file = try storing { () throws(StoreError) in try FileWriter(replacing: path) }
    self.context = context
    self.file = file
    output = ContiguousArray(repeating: 0, count: ZSTD_CStreamOutSize())
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(CorpusError) {
    try compress(bytes, ZSTD_e_continue)
  }

  mutating func commit() throws(CorpusError) {
    try compress(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end)
    do throws(StoreError) {
      try file.commit()
    } catch {
      throw .store(error)
    }
  }

  mutating func discard() { file.discard() }

  private mutating func compress(
    _ bytes: UnsafeRawBufferPointer, _ directive: ZSTD_EndDirective
  ) throws(CorpusError) {
    var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
    var remaining = 1
    while directive == ZSTD_e_end ? remaining != 0 : input.pos < input.size {
      var written = 0
      remaining = output.withUnsafeMutableBytes { target in
        var out = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let result = ZSTD_compressStream2(context.pointer, &out, &input, directive)
        written = out.pos
        return result
      }
      if ZSTD_isError(remaining) != 0 {
        let reason = String(cString: ZSTD_getErrorName(remaining))
        throw .unreadable(path: file.path, reason: reason)
      }
      do throws(StoreError) {
        try file.write(ContiguousArray(output[..<written]))
      } catch {
        throw .store(error)
      }
    }
  }
}
