package import Evaluation
package import LanguageModels
package import Tokenizers

/// Requests as tokens, as lm-evaluation-harness' model side makes them (models/huggingface.py and
/// api/model.py of each version).
///
/// Trailing white space of a context moves to the continuation; the whole text is encoded, and what
/// is scored are its tokens behind as many as the context alone has. A token may span the border.
package struct RequestEncoder {
  private let encoder: TokenEncoder
  private let version: HarnessVersion
  private let addsBeginning: Bool?
  private let beginning: Int32?
  /// Whether the tokenizer's class in transformers 4 puts that token there itself when it is told to.
  private let putsBeginning: Bool
  /// What an empty context stands for.
  private let prefix: Int32?
  private let prefixText: String?
  /// Inputs of a pass at most.
  let longest: Int

  /// Inputs where neither the model nor the tokenizer has a bound.
  static let defaultLongest = 2048

  package init(
    _ tokenizer: Tokenizer, _ configuration: ModelConfiguration, version: HarnessVersion,
    addsBeginning: Bool?, longest: Int?
  ) {
    encoder = TokenEncoder(tokenizer)
    self.version = version
    self.addsBeginning = addsBeginning
    beginning = tokenizer.statedBeginningID
    putsBeginning = Self.putsBeginning(tokenizer.className, configuration.family)
    prefix = beginning ?? tokenizer.endOfTextID
    prefixText = prefix.map { tokenizer.decode([$0]) }
    self.longest =
      longest ?? configuration.maximumPositions ?? tokenizer.longestText ?? Self.defaultLongest
  }

  /// The sequence of a request.
  ///
  /// - Throws: `RequestFault` where the harness ends with an assertion: nothing to condition on or to
  ///   score, or more to score than the model takes.
  package func sequence(_ request: TaskRequest) throws(RequestFault) -> ScoredSequence {
    let (context, continuation) = try pair(request)
    if context.isEmpty { throw .noContext }
    if continuation.isEmpty { throw .nothingToScore(context: context) }
    if continuation.count > longest { throw .tooLong(continuation.count, limit: longest) }
    return ScoredSequence(
      tokens: (context + continuation).suffix(longest + 1), scored: continuation.count)
  }

  private func pair(
    _ request: TaskRequest
  ) throws(RequestFault) -> (context: [Int32], continuation: [Int32]) {
    guard request.context.isEmpty else { return split(request) }
    guard let prefix else { throw .noBeginning }
    guard version != .v0_4_9 else { return ([prefix], encode(request.continuation)) }
    let tokens = encoder.encode(request.continuation)
    return tokens.first == prefix
      ? ([prefix], Array(tokens.dropFirst())) : ([prefix], tokens)
  }

  private func split(_ request: TaskRequest) -> (context: [Int32], continuation: [Int32]) {
    let scalars = request.context.unicodeScalars
    let end =
      scalars.lastIndex { !PythonText.isSpace($0) }.map { scalars.index(after: $0) }
      ?? scalars.startIndex
    let context = String(scalars[..<end])
    let whole = encode(request.context + request.continuation)
    let encoded = encode(context)
    // Where special tokens are put behind a text, the split is off by as many, as it is there.
    return (encoded, Array(whole.dropFirst(encoded.count)))
  }

  private static func putsBeginning(_ className: String?, _ family: Family) -> Bool {
    guard let className else { return [.llama, .mistral, .mamba].contains(family) }
    let name = className.hasSuffix("Fast") ? String(className.dropLast(4)) : className
    return ["LlamaTokenizer", "GPTNeoXTokenizer", "GemmaTokenizer", "CohereTokenizer"]
      .contains(name)
  }

  private func encode(_ text: String) -> [Int32] {
    if version != .v0_4_9, let prefixText, text.utf8.starts(with: prefixText.utf8) {
      return encoder.encode(text)
    }
    switch addsBeginning {
    // transformers 5 makes a template of that token alone; of the releases before it, which the older
    // harness needs, only some classes do, and else the tokenizer's own template stays.
    case true where version == .v0_4_9 && !putsBeginning:
      return encoder.encode(text, addSpecialTokens: true)
    case true: return (beginning.map { [$0] } ?? []) + encoder.encode(text)
    case false: return encoder.encode(text)
    case nil: return encoder.encode(text, addSpecialTokens: version != .v0_4_9)
    }
  }
}

/// Why a request cannot be scored.
package enum RequestFault: Error, Equatable {
  case noContext
  case noBeginning
  case nothingToScore(context: [Int32])
  case tooLong(Int, limit: Int)

  /// The context of a continuation of which nothing is left.
  var context: [Int32]? { if case .nothingToScore(let context) = self { context } else { nil } }

  var expected: String {
    switch self {
    case .tooLong(_, let limit): "at most \(limit) (--max-length, or what the model was made for)"
    case .noContext, .noBeginning, .nothingToScore:
      "at least one token of the context and one of the continuation"
    }
  }

  var words: String {
    switch self {
    case .noContext: "a context without a token"
    case .noBeginning: "an empty context, and a tokenizer that names no beginning or end of texts"
    case .nothingToScore: "a continuation of which no token is left behind those of its context"
    case .tooLong(let count, let limit):
      "a continuation of \(count) tokens, of which the model takes \(limit)"
    }
  }
}
