import Corpus
import DifferenceSampling
public import LanguageModels
import Store
import Tokenizers

/// What the quality of a corpus is measured from.
public struct QualityInputs: Sendable {
  /// Token shards.
  public var shards: String
  /// Their scores: `scores.safetensors`, or the folder that holds it.
  public var scores: String
  /// A model whose hidden states are compared; nil: none are.
  public var reference: ModelFolder?
  /// The tokenizer of the shards; nil takes the one in the reference's folder, if there is one.
  public var tokenizer: String?
  /// Other scores of the same chunks.
  public var others: [String]
  /// The text that was packed, whose documents say what was done to them on purpose.
  public var planted: [String]
  /// The field that says it.
  public var plantedField: String

  public init(
    shards: String, scores: String, reference: ModelFolder? = nil, tokenizer: String? = nil,
    others: [String] = [], planted: [String] = [], plantedField: String = "meta.planted"
  ) {
    self.shards = shards
    self.scores = scores
    self.reference = reference
    self.tokenizer = tokenizer
    self.others = others
    self.planted = planted
    self.plantedField = plantedField
  }

  /// The inputs, opened and compared.
  struct Opened {
    let shards: TokenShards
    let scores: ChunkScores
    let selection: Selection
    let tokenizer: Tokenizer?
    let texts: TokenTexts?
    let endOfText: Int32?
  }

  /// - Throws: `PipelineError.otherSettings` for scores of other shards; what reading gives.
  func open(_ settings: SelectionSettings, _ work: Work) throws -> Opened {
    let scored = try ScoredShards(shards, scores: scores, settings, work)
    var known: Tokenizer?
    if let tokenizer {
      known = try ShardsTokenizer.load(tokenizer, ofShards: shards, work)
    } else if let place = reference?.tokenizerIfPresent {
      // One that is only there by chance is no reason to fail.
      known = try? ShardsTokenizer.load(place, ofShards: shards, work)
    }
    return Opened(
      shards: scored.shards, scores: scored.scores, selection: scored.selection, tokenizer: known,
      texts: known.map { TokenTexts($0, skipsSpecialTokens: true) },
      endOfText: try ShardsTokenizer(ofShards: shards).endOfText)
  }

  /// What of each kind of planted damage is dropped; nil where no text was named.
  ///
  /// - Throws: `PipelineError.setting` where the text has other documents than the shards.
  func damage(
    _ corpus: TokenShards, _ selection: Selection, _ work: Work
  ) throws -> [LabelReport.Row]? {
    guard !planted.isEmpty else { return nil }
    var options =
      try CorpusBuilder.manifest(of: corpus.folder)?.settings.reader
      ?? TextFields(source: "none").options(for: planted, work)
    options.sourceField = plantedField
    options.unlabelled = Self.undamaged
    var reader = try CorpusReader(work.inputs(planted), options: options)
    var labels: [Int64: String] = [:]
    var count: Int64 = 0
    while let document = try stoppable({ try reader.next() }) {
      if document.source != Self.undamaged, document.source != Self.none {
        labels[document.id] = document.source
      }
      count += 1
      if count % 1024 == 0 {
        try work.checkpoint()
        work.report(WorkProgress(nil, detail: "reading what was planted"))
      }
    }
    if let table = try DocumentTable.find(in: shards), Int64(table.count) != count {
      throw PipelineError.setting(
        name: "planted", found: "\(count) documents",
        expected: "the \(table.count) that \(shards) was packed from")
    }
    if labels.isEmpty {
      work.note("no document has the field \(plantedField) with a kind of damage", .warning)
    }
    return LabelIndex(source: corpus, labels: labels, unlabelled: Self.undamaged)
      .report(kept: selection.keptChunks()).rows
  }

  /// Label of documents without damage, as reports have it, and as the field says it.
  private static let undamaged = "undamaged"
  private static let none = "none"
}
