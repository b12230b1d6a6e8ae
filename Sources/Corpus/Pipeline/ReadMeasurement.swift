import Glibc

/// How fast the inputs can be read on one thread, part by part.
public struct ReadMeasurement: Sendable, Equatable, Codable {
  /// Decompressed bytes.
  public var bytes = 0
  /// Usable documents, and bytes of their text.
  public var documents = 0
  public var textBytes = 0
  /// Lines that cannot be used.
  public var rejected = 0
  /// Seconds of decompressing alone, with the digest of the files.
  public var decompressing = 0.0
  /// Seconds of decompressing and cutting into lines, in a second pass...
  public var cutting = 0.0
  /// ...and of parsing JSON in the same pass.
  public var parsing = 0.0
  /// Seconds of both, the whole second pass.
  public var together = 0.0

  /// Reads `inputs` twice.
  public static func run(
    inputs: [String], options: ReaderOptions
  ) throws(CorpusError) -> ReadMeasurement {
    var result = ReadMeasurement()
    let inputs = try CorpusInputs(inputs)
    try inputs.requireFiles(for: "the measurement of reading")
    let files = inputs.files
    let clock = ContinuousClock()
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { memory.deallocate() }
    var start = clock.now
    for file in files {
      let raw = try RawFile(file, digesting: true)
      let stream = try openStream(raw)
      while true {
        let count = try stream.read(into: memory)
        if count == 0 { break }
        result.bytes += count
      }
      _ = try raw.finishDigest()
    }
    result.decompressing = seconds(start.duration(to: clock.now))

    let slab = try Slab(capacity: 1 << 20)
    let reader = try SlabReader(
      files: files, options: options, slabSize: 1 << 20, from: ReaderPosition())
    let worker = try SlabWorker(options: options, encoder: NoEncoder(), endOfText: 0)
    let begun = clock.now
    reading: while true {
      start = clock.now
      switch reader.fill(slab, mayGrow: true) {
      case .end: break reading
      case .needsPermit: continue
      case .slab: break
      }
      if let failure = slab.failure { throw failure }
      let filled = clock.now
      worker.work(on: slab)
      if let failure = slab.workFailure { throw failure }
      result.cutting += seconds(start.duration(to: filled))
      result.parsing += seconds(filled.duration(to: clock.now))
      result.documents += slab.documents.count
      result.textBytes += slab.documents.reduce(0) { $0 + $1.textBytes }
      result.rejected += slab.rejects.count
      try slab.reset(capacity: 1 << 20)
    }
    result.together = seconds(begun.duration(to: clock.now))
    return result
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  /// Takes texts and gives nothing.
  private final class NoEncoder: TextEncoding {
    func encode(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {}
  }
}
