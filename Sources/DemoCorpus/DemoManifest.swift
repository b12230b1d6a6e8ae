/// What the demo's corpus is made of.
public struct DemoOptions: Codable, Sendable, Equatable {
  /// Seed of every choice.
  public var seed: UInt64 = 42
  /// Bytes of text in all, before damage; a machine with less text gives less.
  public var byteBudget = 12 << 20
  /// Share of the text that is held back for tokenizer, teacher and reference.
  public var reserveShare = 0.62
  /// Share of the text that stays clean for the comparison at the end; the rest is scored.
  public var heldOutShare = 0.08
  /// Share of the scored documents that is damaged.
  public var damageShare = 0.12

  /// 12 MiB with seed 42.
  public init() {}
}

/// The parts of the demo's text; a file gives documents to one of them only.
public enum DemoPart: String, Codable, Sendable, CaseIterable {
  /// Held back: trains tokenizer, teacher and reference.
  case reserve
  /// Scored and selected from; holds the planted damage.
  case corpus
  /// Clean text that no model sees before the comparison.
  case heldout

  /// Name of its file.
  public var fileName: String { rawValue + ".jsonl.zst" }
}

/// The record of the demo's corpus, `manifest.json` beside it.
public struct DemoManifest: Codable, Sendable, Equatable {
  /// A file that was read.
  public struct File: Codable, Sendable, Equatable {
    /// Where it stands.
    public var path: String
    /// SHA-256 in hexadecimal digits.
    public var sha256: String
    /// Parts that it gave documents to: one, but for a dictionary, whose sections count as files.
    public var parts: [DemoPart]
  }

  /// What a kind of text gave.
  public struct Kind: Codable, Sendable, Equatable {
    /// The kind, which is the source label.
    public var kind: TextKind
    /// Packages that it comes from.
    public var packages: [String]
    /// Their licence.
    public var licence: String
    /// Documents by name of the part.
    public var documents: [String: Int]
    /// Bytes of text by name of the part, after damage.
    public var bytes: [String: Int]
    /// The files.
    public var files: [File]
  }

  /// The options.
  public var options: DemoOptions
  /// Every kind of text that was found.
  public var kinds: [Kind]
  /// Scored documents by damage, `none` among them.
  public var planted: [String: Int]
  /// A sentence for every kind that is missing.
  public var problems: [String]
  /// SHA-256 of the written files by name.
  public var digests: [String: String]

  /// Name of the file.
  public static let fileName = "manifest.json"
}
