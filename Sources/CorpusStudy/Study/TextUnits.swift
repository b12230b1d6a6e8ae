import Corpus
import Foundation

/// Texts that are studied together: a batch in one buffer.
struct TextBatch: Sendable {
  struct Unit: Sendable {
    var source: Int
    var range: Range<Int>
    /// Tokens, where the texts are tokenized.
    var tokens: Int
    /// The chunk that it is a part of, where there are chunks.
    var chunk = 0
  }

  var bytes: [UInt8] = []
  var units: [Unit] = []
}

/// Where the texts of a study come from, in batches that can be made on any thread.
protocol TextUnits: Sendable {
  /// The batch of a number; nil behind the last. Numbers must be asked for once each, in any order.
  func batch(_ number: Int) throws -> TextBatch?
  /// Names of the sources seen so far, by number.
  var sourceNames: [String] { get }
  /// 0...1, after so many batches.
  func fraction(after batches: Int) -> Double
}

/// Documents of text files.
///
/// Read in order: a thread that asks for a batch waits until the ones before it are read.
final class DocumentUnits: TextUnits, @unchecked Sendable {
  // Sendable: everything that changes is guarded by `condition`.
  private let condition = NSCondition()
  private var reader: CorpusReader?
  private var next = 0
  private var failure: (any Error)?
  private var sources = SourceTable()
  private var read = 0
  private let totalBytes: Int
  private var summaries: [RejectSummary] = []
  /// Bytes of text in a batch.
  static let batchBytes = 1 << 20

  init(inputs: CorpusInputs, options: ReaderOptions) throws {
    let reader = try CorpusReader(inputs, options: options)
    totalBytes = reader.totalBytes
    self.reader = consume reader
  }

  var sourceNames: [String] { condition.withLock { sources.names } }
  /// Documents that could not be used.
  var rejects: [RejectSummary] { condition.withLock { summaries } }

  func fraction(after batches: Int) -> Double {
    condition.withLock { Double(read) / Double(max(1, totalBytes)) }
  }

  func batch(_ number: Int) throws -> TextBatch? {
    condition.lock()
    defer {
      next = number + 1
      condition.broadcast()
      condition.unlock()
    }
    while next != number, failure == nil { condition.wait() }
    if let failure { throw failure }
    do {
      return try readBatch()
    } catch {
      failure = error
      throw error
    }
  }

  private func readBatch() throws -> TextBatch? {
    var batch = TextBatch()
    while batch.bytes.count < Self.batchBytes, let document = try reader?.next() {
      let start = batch.bytes.count
      batch.bytes += document.text
      batch.units.append(
        TextBatch.Unit(
          source: Int(try sources.id(of: document.source)), range: start..<batch.bytes.count,
          tokens: 0))
    }
    read = reader?.bytesRead ?? read
    summaries = reader?.rejectSummaries ?? []
    return batch.units.isEmpty ? nil : batch
  }
}

/// Parts of tokenized chunks between end-of-text tokens: whole documents where those fit into a
/// chunk, and the pieces of longer ones.
struct ShardUnits: TextUnits {
  let shards: TokenShards
  let texts: TokenTexts
  let endOfText: Int32
  static let chunksOfBatch = 256

  var sourceNames: [String] { shards.sources }

  func fraction(after batches: Int) -> Double {
    min(1, Double(batches * Self.chunksOfBatch) / Double(max(1, shards.count)))
  }

  func batch(_ number: Int) throws -> TextBatch? {
    let start = number * Self.chunksOfBatch
    guard start < shards.count else { return nil }
    let chunks = start..<min(shards.count, start + Self.chunksOfBatch)
    var batch = TextBatch()
    var tokens: [Int32] = []
    for chunk in chunks {
      try shards.copyTokens(of: chunk, into: &tokens)
      let source = shards.source(of: chunk)
      tokens.withUnsafeBufferPointer { tokens in
        var start = 0
        while start < tokens.count {
          let end = tokens[start...].firstIndex(of: endOfText) ?? tokens.count
          if end > start {
            let first = batch.bytes.count
            texts.append(UnsafeBufferPointer(rebasing: tokens[start..<end]), to: &batch.bytes)
            batch.units.append(
              TextBatch.Unit(
                source: source, range: first..<batch.bytes.count, tokens: end - start,
                chunk: chunk))
          }
          start = end + 1
        }
      }
    }
    shards.release(chunks)
    return batch
  }
}
