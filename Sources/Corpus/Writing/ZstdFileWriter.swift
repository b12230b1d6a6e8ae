import Store

/// Writes a zstd file atomically; equal content gives equal bytes with one version of libzstd.
struct ZstdFileWriter: ~Copyable {
  private var file: FileWriter
  private let compressor: ZstdCompressor

  /// Opens a temporary file beside `path`.
  init(replacing path: String, level: Int32) throws(CorpusError) {
    let compressor = try ZstdCompressor(level: level, hasChecksum: true, path: path)
    let file = try storing { () throws(StoreError) in try FileWriter(replacing: path) }
    self.compressor = compressor
    self.file = file
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(CorpusError) {
    let compressor = compressor
    try compressor.append(bytes) { piece throws(CorpusError) in try store(piece) }
  }

  mutating func commit() throws(CorpusError) {
    let compressor = compressor
    try compressor.finish { piece throws(CorpusError) in try store(piece) }
    do throws(StoreError) {
      try file.commit()
    } catch {
      throw .store(error)
    }
  }

  mutating func discard() { file.discard() }

  private mutating func store(_ piece: ArraySlice<UInt8>) throws(CorpusError) {
    do throws(StoreError) {
      try file.write(ContiguousArray(piece))
    } catch {
      throw .store(error)
    }
  }
}
