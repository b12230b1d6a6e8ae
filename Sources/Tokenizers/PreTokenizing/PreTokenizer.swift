/// The stages that cut a text into words before BPE, in the order of tokenizer.json.
struct PreTokenizer: Sendable {
  enum Stage: Sendable {
    /// Cuts at the matches of a pattern; `isInverted` swaps matches and gaps.
    case split(Pattern, PieceBehavior, isInverted: Bool)
    /// Turns to the byte-level alphabet, after cutting with GPT-2's pattern if asked to.
    case byteLevel(addsPrefixSpace: Bool, cutsWords: Bool)
    /// Writes spaces as another character, and cuts before each if asked to.
    case metaspace(Metaspace)
  }

  /// Patterns with scanners of their own, and all others as regular expressions.
  enum Pattern: Sendable {
    case gpt2
    case cl100k(numberLimit: Int)
    case digitTriples
    case characters(of: ScalarClass)
    case runs(of: ScalarClass, limit: Int)
    case wordsAndSymbols
    /// Runs of one script, as UnicodeScripts sees it.
    case scriptRuns
    /// So many characters at a time.
    case groups(of: Int)
    case literal(String)
    case expression(RegularExpression)
  }

  let stages: [Stage]
  /// Whether words are bytes that stand for characters of the byte-level alphabet.
  let mapsBytes: Bool
  /// Whether it counts what comes from the start of the document.
  let marksStart: Bool
  /// For each stage, the bytes that it or a later one may cut at; nil where that is not so simple.
  let cuttingBytes: [FrozenArray<Bool>?]

  init(stages: [Stage]) {
    self.stages = stages
    mapsBytes = stages.reduce(false) { mapped, stage in
      switch stage {
      case .byteLevel: true
      case .metaspace: false
      case .split: mapped
      }
    }
    marksStart = stages.contains {
      if case .metaspace(let metaspace) = $0 { metaspace.prepends == .first } else { false }
    }
    var tables: [FrozenArray<Bool>?] = []
    var union: [Bool]? = [Bool](repeating: false, count: 256)
    for stage in stages.reversed() {
      union = union.flatMap { later in
        Self.cuttingBytes(stage).map { zip(later, $0).map { $0 || $1 } }
      }
      tables.append(union.map { FrozenArray($0) })
    }
    cuttingBytes = tables.reversed()
  }

  /// The bytes that a stage cuts at, as characters of the byte-level alphabet.
  private static func cuttingBytes(_ stage: Stage) -> [Bool]? {
    switch stage {
    case .byteLevel(addsPrefixSpace: false, cutsWords: false):
      return [Bool](repeating: false, count: 256)
    case .split(.characters(let wanted), _, isInverted: false),
      .split(.runs(let wanted, _), _, isInverted: false):
      let classes = ByteClasses.shared.mapped
      return (0..<256).map { classes[$0] & wanted.rawValue != 0 }
    case .split(.digitTriples, _, isInverted: false):
      return (0..<256).map { (0x30...0x39).contains($0) }
    default: return nil
    }
  }

  /// Memory that one thread keeps between texts that it cuts with one pre-tokenizer.
  final class Scratch {
    /// By stage: copies of pieces that the stage changed.
    private var copies: [ByteBuffer] = []
    /// By stage; only stages with an expression have one.
    var searchers: [RegexSearcher?] = []

    func searcher(_ stage: Int, of expression: RegularExpression) -> RegexSearcher {
      while searchers.count <= stage { searchers.append(nil) }
      if let known = searchers[stage] { return known }
      let searcher = expression.searcher()
      searchers[stage] = searcher
      return searcher
    }

    /// An empty buffer for what a stage makes of a piece.
    func copy(_ stage: Int) -> ByteBuffer {
      while copies.count <= stage { copies.append(ByteBuffer()) }
      copies[stage].clear()
      return copies[stage]
    }
  }

  /// Gives the words of `text` to `sink` in order, as bytes.
  ///
  /// - Parameter leading: how many bytes at the start of `text` come from the start of the document.
  func forEachWord(
    of text: UnsafeBufferPointer<UInt8>, leading: Int, scratch: Scratch,
    into sink: inout some WordSink
  ) {
    guard let base = text.baseAddress, !text.isEmpty else { return }
    let source = StageText(bytes: base, limit: text.count, isByteLevel: false, leading: leading)
    stages.withUnsafeBufferPointer { stages in
      StageRun(stages: stages, cuttingBytes: cuttingBytes, scratch: scratch)
        .run(0, on: source, 0, text.count, &sink)
    }
  }
}
