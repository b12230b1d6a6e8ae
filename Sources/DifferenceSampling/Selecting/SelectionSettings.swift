import Numerics

/// How many of the ranked chunks are kept.
public enum SelectionRule: Sendable, Codable, Equatable {
  /// The `Int(ratio * n)` chunks with the highest difference (the method itself).
  case ratio(Double)
  /// Every chunk with a difference of at least this many nats per token.
  case threshold(Float)

  // JSON: {"ratio": 0.5} or {"threshold": 0.612}.
  private enum CodingKeys: String, CodingKey { case ratio, threshold }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let ratio = try container.decodeIfPresent(Double.self, forKey: .ratio) {
      self = .ratio(ratio)
    } else {
      self = .threshold(try container.decode(Float.self, forKey: .threshold))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .ratio(let ratio): try container.encode(ratio, forKey: .ratio)
    case .threshold(let threshold): try container.encode(threshold, forKey: .threshold)
    }
  }
}

/// Everything that decides which chunks are kept.
///
/// The method is the rule alone. Other rankings, floors, cap and choices by hand are not part of it,
/// and a commit that uses them says so in its card and manifest.
public struct SelectionSettings: Sendable, Codable, Equatable {
  /// The rule.
  public var rule: SelectionRule
  /// By what chunks are ranked. In the method it is the difference.
  public var ranking: SelectionRanking
  /// Least share of a source's chunks that is kept, by source label, best first. Not in the method.
  public var floors: [String: Double]
  /// Chunks with a higher teacher NLL are dropped, unless kept by hand. Not in the method.
  public var teacherNLLCap: Float?
  /// Chunks decided by hand, with a note. Not in the method.
  public var manual: [ManualChoice]

  public init(
    rule: SelectionRule = .ratio(0.5), ranking: SelectionRanking = .difference,
    floors: [String: Double] = [:], teacherNLLCap: Float? = nil, manual: [ManualChoice] = []
  ) {
    self.rule = rule
    self.ranking = ranking
    self.floors = floors
    self.teacherNLLCap = teacherNLLCap
    self.manual = manual
  }

  /// Whether nothing but the published method decides.
  public var isPureMethod: Bool { departures.isEmpty }

  /// What leaves the published method, in words; empty for the pure method.
  public var departures: [String] {
    var result: [String] = []
    if !ranking.isMethod { result.append("chunks ranked by \(ranking.words), a control") }
    for (source, floor) in floors.sorted(by: { $0.key < $1.key }) {
      result.append("at least \(Number.fixed(floor * 100, 1)) % of \(source) kept")
    }
    if let cap = teacherNLLCap {
      result.append("teacher NLL capped at \(Number.fixed(Double(cap), 3))")
    }
    let kept = manual.count { $0.keep }
    if kept > 0 { result.append("\(kept) chunks kept by hand") }
    if manual.count > kept { result.append("\(manual.count - kept) chunks dropped by hand") }
    return result
  }

  /// Checks ranges: ratio and floors in 0...1, threshold and cap numbers.
  public func validate() throws(DifferenceSamplingError) {
    switch rule {
    case .ratio(let ratio) where !(0...1).contains(ratio):
      throw .invalidSetting(name: "ratio", found: "\(ratio)", expected: "0 to 1")
    case .threshold(let threshold) where !threshold.isFinite:
      throw .invalidSetting(name: "threshold", found: "\(threshold)", expected: "a number")
    case .threshold where !ranking.isMethod:
      throw .invalidSetting(
        name: "threshold", found: "a threshold of differences with \(ranking.rawValue)",
        expected: "a ratio")
    default: break
    }
    for (source, floor) in floors where !(0...1).contains(floor) {
      throw .invalidSetting(name: "floor of \(source)", found: "\(floor)", expected: "0 to 1")
    }
    // An NLL is never negative: such a cap would drop every chunk.
    if let cap = teacherNLLCap, !cap.isFinite || cap < 0 {
      throw .invalidSetting(
        name: "teacher NLL cap", found: "\(cap)", expected: "a number from 0 on")
    }
  }
}

/// Settings that follow the method say nothing of a ranking, as those from before there was a choice.
extension SelectionSettings {
  private enum CodingKeys: String, CodingKey {
    case rule, ranking, floors, teacherNLLCap, manual
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      rule: try values.decode(SelectionRule.self, forKey: .rule),
      ranking: try values.decodeIfPresent(SelectionRanking.self, forKey: .ranking) ?? .difference,
      floors: try values.decode([String: Double].self, forKey: .floors),
      teacherNLLCap: try values.decodeIfPresent(Float.self, forKey: .teacherNLLCap),
      manual: try values.decode([ManualChoice].self, forKey: .manual))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(rule, forKey: .rule)
    if !ranking.isMethod { try values.encode(ranking, forKey: .ranking) }
    try values.encode(floors, forKey: .floors)
    try values.encodeIfPresent(teacherNLLCap, forKey: .teacherNLLCap)
    try values.encode(manual, forKey: .manual)
  }
}

/// A chunk kept or dropped by hand.
public struct ManualChoice: Sendable, Codable, Equatable {
  /// The chunk.
  public var chunk: Int
  /// Kept or dropped.
  public var keep: Bool
  /// Why.
  public var note: String

  public init(chunk: Int, keep: Bool, note: String = "") {
    self.chunk = chunk
    self.keep = keep
    self.note = note
  }
}
