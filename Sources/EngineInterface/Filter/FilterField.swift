/// What a list can be filtered by.
public struct FilterField: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable {
    /// Stands alone: `dropped`.
    case flag
    /// `source:law`, `source=law`.
    case name
    /// `d<-0.1`, `d:0.1..0.3`.
    case number
  }

  public var name: String
  public var kind: Kind
  /// What it is, in a few words, with its unit.
  public var help: String

  public init(_ name: String, _ kind: Kind, _ help: String) {
    self.name = name
    self.kind = kind
    self.help = help
  }

  /// The fields of chunks.
  public static let chunks: [FilterField] = [
    FilterField("source", .name, "the source's name"),
    FilterField("label", .name, "a label of planted damage"),
    FilterField("kept", .flag, "is kept"),
    FilterField("dropped", .flag, "is not kept"),
    FilterField("floor", .flag, "kept by the floor of its source"),
    FilterField("capped", .flag, "dropped by a cap"),
    FilterField("manual", .flag, "decided by hand"),
    FilterField("noted", .flag, "has a note"),
    FilterField("scored", .flag, "has scores"),
    FilterField("d", .number, "difference, nats/token"),
    FilterField("teacher", .number, "the teacher's mean NLL, nats/token"),
    FilterField("reference", .number, "the reference's mean NLL, nats/token"),
    FilterField("tokens", .number, "length in tokens"),
    FilterField("rank", .number, "place by score, from 1"),
    FilterField("chunk", .number, "index in the corpus"),
    FilterField("document", .number, "holds a part of this document"),
  ]

  /// Fields of chunks that scores or the selection decide.
  public static let ofSelection: Set<String> = [
    "kept", "dropped", "floor", "capped", "manual", "scored", "d", "teacher", "reference", "rank",
  ]
}
