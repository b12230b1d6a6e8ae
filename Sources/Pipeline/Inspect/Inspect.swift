import Store
public import TensorKit

/// A kind of thing that may lie at a path, and what there is to say about it.
///
/// A new kind is a type, and a line of `Inspect.kinds`.
public protocol InspectedKind: Sendable {
  /// In words with an article, for the list of what is known.
  static var words: String { get }
  /// Whether this is what lies there, by names and the beginnings of files: cheap, and no judgement
  /// about what is inside.
  static func matches(_ path: String) -> Bool
  /// Looks at it, and says what it holds, a line each.
  ///
  /// - Throws: whatever is wrong with it.
  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String]
  /// What a program is told of a model, beside the lines; nil for all other kinds.
  static func model(_ inspection: Inspect) throws -> ModelReport?
}

extension InspectedKind {
  public static func model(_ inspection: Inspect) throws -> ModelReport? { nil }
}

/// What a file or folder holds, for programs.
public struct InspectionReport: Encodable, Sendable {
  public let path: String
  /// The kind in words.
  public let kind: String
  /// As people read it.
  public let lines: [String]
  /// Of a model: its sizes, types and plans.
  public let model: ModelReport?
}

/// Says what a file or folder holds.
public struct Inspect {
  /// What may be asked for besides.
  public struct Settings {
    /// A chunk whose tokens, or text with `tokenizer`, are wanted instead.
    public var chunk: Int?
    public var tokenizer: String?

    public init(chunk: Int? = nil, tokenizer: String? = nil) {
      self.chunk = chunk
      self.tokenizer = tokenizer
    }
  }

  /// What is known here, the particular before the general: a commit is also a folder of shards.
  public static let kinds: [any InspectedKind.Type] = [
    InspectedCommit.self, InspectedCommits.self, InspectedRun.self, InspectedScores.self,
    InspectedLogits.self,
    InspectedModel.self, InspectedSelection.self, InspectedReserve.self,
    InspectedCorpusRecord.self, InspectedShards.self, InspectedTensors.self,
    InspectedTokenizer.self,
  ]

  /// Without a slash at the end.
  public let path: String
  public let settings: Settings
  /// Kernels and threads, for plans of memory.
  public let compute: Ops
  private let kinds: [any InspectedKind.Type]

  /// - Parameter known: kinds of modules above this one, which are asked first.
  public init(
    _ path: String, _ settings: Settings = Settings(), known: [any InspectedKind.Type] = [],
    compute: Ops
  ) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    self.settings = settings
    self.compute = compute
    kinds = known + Self.kinds
  }

  /// What lies at the path, a line each.
  ///
  /// - Throws: `StoreError` when nothing is there, `PipelineError.unknownKind`, and what the kind
  ///   finds wrong.
  public func run(_ work: Work) throws -> [String] {
    try kind().lines(self, work)
  }

  /// The same for programs.
  public func report(_ work: Work) throws -> InspectionReport {
    let kind = try kind()
    return InspectionReport(
      path: path, kind: kind.words, lines: try kind.lines(self, work), model: try kind.model(self))
  }

  private func kind() throws -> any InspectedKind.Type {
    guard let kind = kinds.first(where: { $0.matches(path) }) else {
      guard Folder.exists(path) else {
        throw StoreError.system(
          operation: "inspect", path: path, reason: "No such file or folder")
      }
      throw PipelineError.unknownKind(path: path, known: kinds.map { $0.words })
    }
    if settings.chunk != nil, !(kind is InspectedShards.Type || kind is InspectedCommit.Type) {
      throw PipelineError.setting(
        name: "chunk", found: "a chunk of \(kind.words)", expected: "a folder of token shards")
    }
    return kind
  }

  /// The name of the file or folder itself.
  static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
