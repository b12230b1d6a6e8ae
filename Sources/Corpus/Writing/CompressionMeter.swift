/// How small zstd makes bytes: counts what a stream would be, and keeps none of it.
public final class CompressionMeter {
  /// zstd's level.
  public let level: Int
  /// Bytes that came in, and that would go out; the latter is complete after `finish`.
  public private(set) var inputBytes = 0
  public private(set) var outputBytes = 0
  private let compressor: ZstdCompressor

  /// - Parameter level: 1 to 19.
  /// - Throws: `CorpusError.setting` for another level, `unreadable` without memory.
  public init(level: Int) throws(CorpusError) {
    guard (1...19).contains(level) else {
      throw .setting(name: "the level of zstd", found: "\(level)", expected: "1 to 19")
    }
    compressor = try ZstdCompressor(level: Int32(level), hasChecksum: false, path: "the sample")
    self.level = level
  }

  /// Takes more bytes.
  public func append(_ bytes: [UInt8]) throws(CorpusError) {
    inputBytes += bytes.count
    try bytes.withBytes { bytes throws(CorpusError) in
      try compressor.append(bytes) { outputBytes += $0.count }
    }
  }

  /// Ends the stream.
  public func finish() throws(CorpusError) { try compressor.finish { outputBytes += $0.count } }

  /// Bytes in over bytes out: high for text that repeats itself.
  public var ratio: Double { outputBytes == 0 ? 0 : Double(inputBytes) / Double(outputBytes) }
}
