import Corpus
import Foundation
public import TensorKit
import Tokenizers

/// One measured tokenizer: a line of `bench tokenizer`.
public struct TokenizerMeasurement: Encodable, Sendable {
  public var bench = "tokenizer"
  /// The tokenizer.json that was read, or how the one that was used was trained.
  public var tokenizer: String
  public var vocabulary: Int
  /// Where the text comes from.
  public var text: String
  public var documents: Int
  public var bytes: Int
  public var tokens: Int
  public var bytesPerToken: Double
  public var threads: Int
  public var repeats: Int
  public var seconds: Double
  public var secondsMedian: Double
  /// 10^6 bytes of text a second.
  public var megabytesPerSecond: Double
  public var megabytesPerSecondMedian: Double
  public var tokensPerSecond: Double
  public var machine: MachineDescription
}

/// Encoding real text, document by document.
public struct TokenizerBenchmark {
  /// Where there is text on most machines.
  public static let standardTexts = ["/usr/share/man", "/usr/share/doc"]
  /// Vocabulary of the tokenizer that is trained when none is given.
  public static let trainedVocabulary = 8192
  /// Bytes of text that it is trained on.
  static let trainingBytes = 4_000_000

  private let documents: [[UInt8]]
  private let source: String
  private let byteCount: Int

  /// Reads at most `limit` bytes of text from `path` (a file or a folder, also compressed), or from
  /// the first of ``standardTexts`` that holds any.
  ///
  /// - Throws: `BenchmarkError.noText`.
  public init(text path: String?, limit: Int = 20_000_000) throws {
    let paths = path.map { [$0] } ?? Self.standardTexts
    for candidate in paths where FileManager.default.fileExists(atPath: candidate) {
      let (documents, bytes) = try Self.read(candidate, limit: limit)
      if bytes > 0 {
        self.documents = documents
        source = candidate
        byteCount = bytes
        return
      }
    }
    throw BenchmarkError.noText(paths: paths)
  }

  private static func read(_ path: String, limit: Int) throws -> ([[UInt8]], Int) {
    var reader = try CorpusReader(inputs: [path])
    var documents: [[UInt8]] = []
    var bytes = 0
    while bytes < limit, let document = try reader.next() {
      documents.append(document.text)
      bytes += document.text.count
    }
    return (documents, bytes)
  }

  /// Encodes every document with the tokenizer of `path`, or with one that is trained on the first
  /// of them.
  public func run(
    tokenizer path: String?, policy: RepeatPolicy, compute: Ops
  ) throws -> TokenizerMeasurement {
    let tokenizer = try path.map { try Tokenizer.load(from: $0) } ?? trained()
    let documents = documents
    let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: documents.count)
    defer { counts.deallocate() }
    // A worker keeps its encoder, as the packer does.
    let encoders = (0..<compute.pool.threads).map { _ in TokenEncoder(tokenizer) }
    let timing = Timing.measure(policy) {
      compute.pool.run(documents.count) { index, worker in
        var tokens: [Int32] = []
        documents[index].withUnsafeBufferPointer {
          encoders[worker].encode(utf8: $0, into: &tokens)
        }
        counts[index] = tokens.count
      }
    }
    let tokens = counts.reduce(0, +)
    let megabytes = Double(byteCount) * 1e-6
    return TokenizerMeasurement(
      tokenizer: path ?? "trained on \(min(byteCount, Self.trainingBytes)) bytes of the text",
      vocabulary: tokenizer.vocabularySize, text: source, documents: documents.count,
      bytes: byteCount, tokens: tokens, bytesPerToken: Double(byteCount) / Double(max(1, tokens)),
      threads: compute.pool.threads, repeats: timing.repeats, seconds: timing.best,
      secondsMedian: timing.median, megabytesPerSecond: megabytes / timing.best,
      megabytesPerSecondMedian: megabytes / timing.median,
      tokensPerSecond: Double(tokens) / timing.best, machine: MachineDescription(compute: compute))
  }

  private func trained() throws -> Tokenizer {
    var words = WordCounter(preTokenization: .qwen2)
    for document in documents where words.byteCount < Self.trainingBytes {
      document.withUnsafeBufferPointer { words.add(utf8: $0) }
    }
    return try BytePairTrainer(.init(vocabularySize: Self.trainedVocabulary)).train(on: words)
      .tokenizer()
  }
}
