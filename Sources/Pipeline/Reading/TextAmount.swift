public import Corpus
import Numerics
import Store

/// Whether there is enough text for one chunk, which a look at its beginning tells.
public struct TextAmount {
  private let paths: [String]
  private let reader: ReaderOptions

  /// - Parameter reader: how documents are found.
  public init(of paths: [String], reader: ReaderOptions) {
    self.paths = paths
    self.reader = reader
  }

  /// Refuses text that cannot give a chunk of `tokens` tokens: no token is shorter than a byte, but the
  /// ends of documents, and what does not fill a chunk is not written.
  ///
  /// - Parameters:
  ///   - option: names the text in the error.
  ///   - advice: what to do, in place of an expectation.
  /// - Throws: `PipelineError.setting`; `CorpusError` for what cannot be read; `WorkStopped`.
  public func requireChunk(of tokens: Int, option: String, advice: String, _ work: Work) throws {
    let found: String
    if GivenShards(paths) != nil {
      guard try TokenShards(folder: paths[0]).count == 0 else { return }
      found = "token shards without a chunk"
    } else {
      var (documents, bytes) = (0, 0)
      var documentsReader = try CorpusReader(work.inputs(paths), options: reader)
      while bytes + documents < tokens,
        let document = try stoppable({ try documentsReader.next() })
      {
        documents += 1
        bytes += document.text.count
        try work.checkpoint()
      }
      if bytes + documents >= tokens { return }
      found =
        documents == 0
        ? "no text" : "\(Number.bytes(bytes)) in \(Number.grouped(documents)) documents"
    }
    throw PipelineError.setting(
      name: option, found: "\(found) in \(paths.joined(separator: ", "))", expected: advice)
  }
}
