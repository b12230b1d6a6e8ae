/// Where an experiment's text comes from.
public enum RecipeCorpus: Sendable, Equatable {
  /// Real text of this machine as the demo gathers it, with labelled damage in the scored part.
  case machine(MachineText)
  /// Files, folders or token shards of the user for each part.
  case files(FileText)

  /// How much text of this machine, and how it is divided.
  public struct MachineText: Sendable, Equatable {
    /// Bytes in all.
    public var bytes: Int
    public var seed: UInt64
    /// Shares of the text: held back for tokenizer, teacher and reference; held out. The rest is
    /// scored.
    public var reserve: Double
    public var heldOut: Double
    /// Share of the scored documents that is damaged.
    public var damage: Double
  }

  /// Text of the user.
  public struct FileText: Sendable, Equatable {
    public var scored: [String]
    /// May be empty where tokenizer, teacher and reference are given.
    public var reserve: [String]
    public var heldOut: [String]
    /// Fields of JSON lines; nil: the first lines decide. "none" for no source.
    public var textField: String?
    public var sourceField: String?
  }

  init(_ recipe: RecipeObject) throws(ExperimentError) {
    let corpus = try recipe.object("corpus", keys: ["machine", "files"])
    switch try corpus.choice(["machine", "files"]) {
    case "machine":
      let text = try corpus.object(
        "machine", keys: ["bytes", "seed", "reserve", "held_out", "damage"])
      let reserve = try text.number("reserve", "above 0 and below 1", default: 0.62) {
        $0 > 0 && $0 < 1
      }
      self = .machine(
        MachineText(
          bytes: try text.whole("bytes", 65_536...(1 << 40)),
          seed: try text.seed("seed", default: 42), reserve: reserve,
          heldOut: try text.number(
            "held_out", "above 0 and below \(1 - reserve)", default: min(0.08, (1 - reserve) / 2)
          ) { $0 > 0 && $0 < 1 - reserve },
          damage: try text.number("damage", "0 to 0.5", default: 0.12) { (0...0.5).contains($0) }))
    default:
      let files = try corpus.object(
        "files", keys: ["scored", "reserve", "held_out", "text_field", "source_field"])
      self = .files(
        FileText(
          scored: try files.texts("scored"),
          reserve: files.has("reserve") ? try files.texts("reserve") : [],
          heldOut: try files.texts("held_out"),
          textField: files.has("text_field") ? try files.text("text_field") : nil,
          sourceField: files.has("source_field") ? try files.text("source_field") : nil))
    }
  }
}

/// Where the tokenizer comes from.
public enum RecipeTokenizer: Sendable, Equatable {
  /// Byte-level BPE, trained on the reserve part.
  case trained(vocabularySize: Int)
  /// A tokenizer.json, or a folder that holds one.
  case folder(String)

  init(_ recipe: RecipeObject) throws(ExperimentError) {
    let tokenizer = try recipe.object("tokenizer", keys: ["vocabulary", "folder"])
    switch try tokenizer.choice(["vocabulary", "folder"]) {
    case "vocabulary":
      self = .trained(vocabularySize: try tokenizer.whole("vocabulary", 257...(1 << 24)))
    default: self = .folder(try tokenizer.text("folder"))
    }
  }
}
