public import LanguageModels

/// A text to measure a model on.
public struct EvaluatedText: Sendable, Equatable {
  /// Its number; parts of one document have the same. nil where nobody knows the documents.
  public var document: Int64?
  /// Number of its source.
  public var source: Int
  /// What the model is given, with the tokens that come before a text.
  public var tokens: [Int32]
  /// Place of the first token that counts as a target, at least 1.
  public var firstTarget: Int
  /// UTF-8 bytes that the counted targets stand for, where known.
  public var bytes: Int?

  public init(
    document: Int64?, source: Int, tokens: [Int32], firstTarget: Int = 1, bytes: Int? = nil
  ) {
    self.document = document
    self.source = source
    self.tokens = tokens
    self.firstTarget = max(1, firstTarget)
    self.bytes = bytes
  }

  /// Targets that count.
  public var countedTargets: Int { max(0, tokens.count - firstTarget) }
}

/// Measures a model's negative log-likelihood on whole texts, one after the other and none joined with
/// another, in overlapping windows.
///
/// Windows of several texts share a forward pass, each a sequence of its own. Memory holds one text and
/// what is counted of each.
public struct StridedEvaluation {
  public let windows: StridedWindows
  /// Most windows of one forward pass that are full.
  public let windowsPerBatch: Int

  public init(_ windows: StridedWindows, windowsPerBatch: Int) {
    self.windows = windows
    self.windowsPerBatch = max(1, windowsPerBatch)
  }

  /// Most input tokens of a forward pass.
  public var maximumTokens: Int { windowsPerBatch * (windows.window - 1) }

  /// Evaluates the texts that `next` gives, to its nil; one result a text that has a target.
  ///
  /// - Parameters:
  ///   - sources: names of the sources, asked for when the last text was read.
  ///   - progress: called after each forward pass with the targets counted so far and the share of the
  ///     text given last that is behind, 0...1; false ends the evaluation without a result.
  /// - Throws: `TrainingError.lossNotFinite`, `ModelError.tokenOutOfRange`, and what `next` throws.
  public func run(
    _ model: any CausalLanguageModel, workspace: Workspace, sources: () -> [String],
    next: () throws -> EvaluatedText?,
    progress: (_ targets: Int, _ shareOfText: Double) throws -> Bool = { _, _ in true }
  ) throws -> EvaluationResult? {
    var state = State(model: model, workspace: workspace)
    while let text = try next() {
      guard text.countedTargets > 0 else { continue }
      let number = text.document.map { Int(clamping: $0) } ?? state.results.count
      // Compares the ids with the vocabulary.
      _ = try ChunkWindow(
        text.tokens, number: number, mask: .none,
        vocabularySize: model.configuration.vocabularySize)
      state.begin(text, number: number)
      var goesOn = true
      try windows.forEach(over: text.tokens.count, firstTarget: text.firstTarget) { pass in
        guard goesOn else { return }
        if !state.hasRoom(for: pass, maximumTokens) {
          goesOn = try progress(
            state.flush(), Double(pass.firstTarget) / Double(text.tokens.count))
        }
        state.append(pass, of: text)
      }
      guard goesOn else { return nil }
    }
    guard try progress(state.flush(), 1) else { return nil }
    return EvaluationResult(
      sourceNames: sources(), chunks: state.finished(), windows: windows)
  }
}

extension StridedEvaluation {
  /// The texts so far, and the windows of the next forward pass.
  private struct State {
    let model: any CausalLanguageModel
    let workspace: Workspace
    private(set) var results: [EvaluationResult.Chunk] = []
    private var documents: [Int64?] = []
    private var numbers: [Int] = []
    private var targetCount = 0

    /// Each a group of its own.
    private var windows: [[ScoredSequence]] = []
    private var inputCount = 0
    /// Place in `results` of each window's text.
    private var owners: [Int] = []

    init(model: any CausalLanguageModel, workspace: Workspace) {
      self.model = model
      self.workspace = workspace
    }

    mutating func begin(_ text: EvaluatedText, number: Int) {
      results.append(
        EvaluationResult.Chunk(
          source: text.source, tokens: text.countedTargets, nllSum: 0, bytes: text.bytes))
      documents.append(text.document)
      numbers.append(number)
    }

    func hasRoom(for pass: StridedWindows.Pass, _ maximumTokens: Int) -> Bool {
      inputCount + pass.tokens.count - 1 <= maximumTokens
        && owners.count < workspace.maximumSequences
    }

    mutating func append(_ pass: StridedWindows.Pass, of text: EvaluatedText) {
      windows.append([
        ScoredSequence(
          tokens: Array(text.tokens[pass.tokens]),
          scored: pass.tokens.upperBound - pass.firstTarget)
      ])
      inputCount += pass.tokens.count - 1
      owners.append(results.count - 1)
    }

    /// Runs the windows that wait; the targets counted so far. The vocabulary's products are only made
    /// for targets that count: of overlapping windows that is a part.
    mutating func flush() throws -> Int {
      guard !owners.isEmpty else { return targetCount }
      let scores = try model.scores(BranchedBatch(windows, sharing: false), workspace: workspace)
      for (place, owner) in owners.enumerated() {
        targetCount += windows[place][0].scored
        results[owner].nllSum -= scores[place][0].logProbability
        guard results[owner].nllSum.isFinite else {
          throw TrainingError.lossNotFinite(chunk: numbers[owner])
        }
      }
      windows.removeAll(keepingCapacity: true)
      inputCount = 0
      owners.removeAll(keepingCapacity: true)
      return targetCount
    }

    /// Every text as a chunk of its document.
    func finished() -> [EvaluationResult.Chunk] {
      zip(results, documents).map { result, document in
        var chunk = result
        chunk.parts = document.map {
          [
            EvaluationResult.Part(
              document: $0, tokens: result.tokens, nllSum: result.nllSum, bytes: result.bytes)
          ]
        }
        return chunk
      }
    }
  }
}
