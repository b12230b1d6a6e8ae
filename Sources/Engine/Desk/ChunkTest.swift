import Corpus
import CorpusStudy
import DifferenceSampling
import EngineInterface

/// A filter of chunks, made ready to be asked many times.
indirect enum ChunkTest: Sendable {
  enum Number: String, Sendable {
    case d, teacher, reference, tokens, rank, chunk
  }

  enum Flag: String, Sendable {
    case kept, dropped, floor, capped, manual, scored, noted
  }

  case all([ChunkTest])
  case any([ChunkTest])
  case not(ChunkTest)
  case flag(Flag)
  /// By number of the source, whether it is wanted.
  case source([Bool])
  case label([String], isExact: Bool)
  case document(FilterBounds)
  case number(Number, FilterBounds)
  case pattern(SearchPattern)
  /// A field that chunks do not have.
  case never

  /// - Throws: `CorpusStudyError.pattern`.
  init(_ filter: Filter, sources: [String]) throws {
    switch filter {
    case .all(let terms): self = .all(try Self.cheapFirst(terms, sources))
    case .any(let terms): self = .any(try Self.cheapFirst(terms, sources))
    case .not(let term): self = .not(try ChunkTest(term, sources: sources))
    case .flag(let name): self = Flag(rawValue: name).map(ChunkTest.flag) ?? .never
    case .name("source", let names, let isExact):
      self = .source(sources.map { Filter.matches($0, anyOf: names, isExact: isExact) })
    case .name("label", let names, let isExact): self = .label(names, isExact: isExact)
    case .name: self = .never
    case .number("document", let bounds): self = .document(bounds)
    case .number(let name, let bounds):
      self = Number(rawValue: name).map { .number($0, bounds) } ?? .never
    case .text(let text): self = .pattern(try SearchPattern(text))
    case .pattern(let pattern): self = .pattern(try SearchPattern(pattern, isRegex: true))
    }
  }

  /// Texts are decoded only for what the columns leave.
  private static func cheapFirst(_ terms: [Filter], _ sources: [String]) throws -> [ChunkTest] {
    try (terms.filter { !$0.readsText } + terms.filter(\.readsText)).map {
      try ChunkTest($0, sources: sources)
    }
  }

  func shows(_ chunk: inout FilteredChunk) throws -> Bool {
    switch self {
    case .all(let tests):
      for test in tests where try !test.shows(&chunk) { return false }
      return true
    case .any(let tests):
      for test in tests where try test.shows(&chunk) { return true }
      return false
    case .not(let test): return try !test.shows(&chunk)
    case .flag(let flag): return flag == .noted ? chunk.isNoted : Self.has(flag, chunk.state())
    case .source(let wanted): return wanted[chunk.shards.source(of: chunk.number)]
    case .label(let names, let isExact):
      return chunk.labels().contains { Filter.matches($0, anyOf: names, isExact: isExact) }
    case .document(let bounds):
      return chunk.shards.documents(of: chunk.number).contains {
        bounds.contains(Double($0.document))
      }
    case .number(let number, let bounds):
      return Self.value(number, &chunk).map(bounds.contains) ?? false
    case .pattern(let pattern): return pattern.isFound(in: try chunk.text())
    case .never: return false
    }
  }

  private static func has(_ flag: Flag, _ state: ChunkState) -> Bool {
    switch flag {
    case .kept: state.isKept
    case .dropped: !state.isKept && state != .unscored
    case .capped: state == .droppedByCap
    case .manual: state == .keptByHand || state == .droppedByHand
    case .scored: state != .unscored
    case .floor: state == .keptByFloor
    case .noted: false
    }
  }

  private static func value(_ number: Number, _ chunk: inout FilteredChunk) -> Double? {
    switch number {
    case .d: chunk.score().flatMap { $0.isFinite ? Double($0.difference) : nil }
    case .teacher: chunk.score().map { Double($0.teacherNLL) }
    case .reference: chunk.score().map { Double($0.referenceNLL) }
    case .tokens: Double(chunk.shards.length(of: chunk.number))
    case .rank: chunk.rank().map(Double.init)
    case .chunk: Double(chunk.number)
    }
  }
}
