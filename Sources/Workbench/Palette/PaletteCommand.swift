public import EngineInterface

/// What a line of the palette says, read and checked: a screen does it at once, `--batch` line by line.
public enum PaletteCommand: Sendable, Equatable {
  case ratio(Double)
  case threshold(Double)
  case floor(source: String, share: Double?)
  case cap(Float?)
  case rank(ChunkRanking)
  case flip(chunk: Int)
  case pin(String)
  case recall(String)
  case undo, redo
  /// Writes the refined corpus.
  case commit
  case note(chunk: Int?, text: String)
  case start(Stage)
  case theme(String)
  case screen(ScreenID)
  case export(ExportTarget)
  case source(String?)
  case filter(String)
  case find(String)
  case set(key: String, value: String)
}

extension PaletteCommand {
  /// What the engine is asked for where the line changes the selection; nil for all others.
  public var selectionChange: EngineCommand? {
    switch self {
    case .ratio(let ratio): .setRatio(ratio)
    case .threshold(let threshold): .setThreshold(threshold)
    case .floor(let source, let share): .setFloor(source: source, share: share)
    case .cap(let cap): .setTeacherCap(cap)
    case .rank(let ranking): .setRanking(ranking)
    case .flip(let chunk): .flipChunk(chunk)
    case .pin(let name): .pin(name)
    case .recall(let name): .recallPin(name)
    case .undo: .undo
    case .redo: .redo
    default: nil
    }
  }
}

/// Names that may stand in a line, as far as they are known: what is not known is not refused.
public struct PaletteNames: Sendable {
  public var sources: [String]
  public var themes: [String]
  public var pins: [String]
  /// Chunks of the corpus.
  public var chunks: Int?
  /// Whether a threshold can be given: chunks are ranked by their difference.
  public var ranksByDifference: Bool

  public init(
    sources: [String] = [], themes: [String] = [], pins: [String] = [], chunks: Int? = nil,
    ranksByDifference: Bool = true
  ) {
    self.sources = sources
    self.themes = themes
    self.pins = pins
    self.chunks = chunks
    self.ranksByDifference = ranksByDifference
  }
}

extension PaletteNames {
  /// Those of what a screen shows.
  public init(_ state: ViewState) {
    let engine = state.engine
    let selection = engine.selection
    self.init(
      sources: selection?.sources.map(\.name) ?? engine.corpus?.sources.map(\.name) ?? [],
      themes: state.display.themes, pins: selection?.pins.map(\.name) ?? [],
      chunks: engine.corpus?.chunks ?? selection?.chunks,
      ranksByDifference: selection?.ranking.isMethod ?? true)
  }
}

/// Why a line of the palette cannot be read.
public struct PaletteError: Error, Equatable, CustomStringConvertible {
  public var reason: String
  /// Characters of the line before what is wrong.
  public var column: Int
  /// It may still become right: something is missing at the end.
  public var isIncomplete: Bool

  init(_ reason: String, column: Int, isIncomplete: Bool = false) {
    self.reason = reason
    self.column = column
    self.isIncomplete = isIncomplete
  }

  public var description: String { reason }
}
