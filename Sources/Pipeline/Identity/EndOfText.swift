import Corpus
import LanguageModels
import Store
public import Tokenizers

/// Which token ends a document in shards.
enum EndOfText {
  /// What was given; else what the shards' own manifest states, since it was packed with it; else
  /// what the model's folder names. Models that name another one are noted.
  ///
  /// - Throws: `PipelineError.setting` for a token that the model has not, `CorpusError`, and `ModelError` when none of the three states it.
  static func find(
    given: Int32?, shards: String, model: ModelFolder, others: [ModelFolder] = [], _ work: Work
  ) throws -> Int32 {
    if let given {
      let size = try model.statedConfiguration().vocabularySize
      // A token that never comes would mask nothing, and change every mean without a word.
      guard given >= 0, Int(given) < size else {
        throw PipelineError.setting(
          name: "eos", found: "\(given)", expected: "an id below \(size), the model's vocabulary")
      }
      return given
    }
    guard let packed = try ShardsTokenizer(ofShards: shards).endOfText
    else { return try model.documentEnd().id }
    for model in [model] + others {
      guard let own = try? model.documentEnd(), own.id != packed else { continue }
      work.note(
        "\(shards) was packed with end-of-text token \(packed), documents of the model in "
          + "\(model.path) end with \(own.words): the shards' is used", .warning)
    }
    return packed
  }
}

extension ModelFolder {
  /// The token that ends documents for this model: what its tokenizer's files name, or else its
  /// configuration, or else the best known name among its tokens.
  ///
  /// - Throws: `ModelError` when nothing names one, or one that the model has not.
  func documentEnd() throws(ModelError) -> DocumentEnd {
    if let place = tokenizerIfPresent, let tokenizer = try? Tokenizer.load(from: place),
      let end = tokenizer.documentEnd(at: place),
      let size = try? statedConfiguration().vocabularySize, Int(end.id) < size
    {
      return end
    }
    return DocumentEnd(
      id: try endOfText(), token: nil,
      source: ggufFile == nil ? Self.configurationName : "the metadata of the file")
  }
}

extension Tokenizer {
  /// The token that ends documents: what the files of the tokenizer name; else what the configuration
  /// of the model beside them names, then that of its generation; else the best known name.
  ///
  /// - Parameter place: where it was read from: a file, or its folder.
  public func documentEnd(at place: String) -> DocumentEnd? {
    if let documentEnd, !documentEnd.isGuess { return documentEnd }
    let isFile = place.hasSuffix(".json") && !Folder.isFolder(place)
    let named = ModelFolder(isFile ? Folder.parent(of: place) : place).statedEnds().lazy
      .compactMap { end in self.documentEnd(named: end.id, by: end.file) }
    return named.first ?? documentEnd
  }
}
