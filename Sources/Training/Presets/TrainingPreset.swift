public import LanguageModels
public import Store

/// A named recipe: the shape of a model and how it is trained, together.
///
/// The values are starting points: every key of the shape and every setting of the training can be
/// given otherwise, and `TrainingConfiguration.changes(from:)` says which were.
public struct TrainingPreset: Sendable, Equatable {
  /// As commands and files name it.
  public let name: String
  /// What it is, in a line.
  public let summary: String
  /// The model's config.json. One without `vocab_size` takes vocabulary and end of text from its
  /// tokenizer.
  public let model: [String: JSONValue]
  /// How it is trained. The micro-batch only decides memory; the end of text is the corpus's.
  public let training: TrainingConfiguration
  /// What of it is not published, or differs from what was run: a sentence each, without its end.
  public let notes: [String]

  /// Whether shape and training are those of the paper, and not ours.
  public let isPublished: Bool

  init(
    _ name: String, _ summary: String, model: [String: JSONValue],
    training: TrainingConfiguration, isPublished: Bool, notes: [String]
  ) {
    self.name = name
    self.summary = summary
    self.model = model
    self.training = training
    self.isPublished = isPublished
    self.notes = notes
  }

  /// The one list of presets, in the order in which people are shown them.
  public static let all = published + small

  /// Every name, as a sentence lists them.
  public static var list: String { all.map(\.name).joined(separator: ", ") }

  /// The preset called `name`.
  ///
  /// - Throws: `TrainingError.invalidSetting`, which lists what exists.
  public init(named name: String) throws(TrainingError) {
    guard let preset = Self.all.first(where: { $0.name == name }) else {
      throw .invalidSetting(field: "preset", found: "\"\(name)\"", expected: "one of \(Self.list)")
    }
    self = preset
  }
}

extension TrainingPreset {
  /// The warm-up of a run of `steps`: as many steps as stated, or a tenth of a run that is shorter.
  public static func warmup(_ stated: Int, steps: Int) -> Int {
    steps >= stated ? stated : steps / 10
  }
}

// The model.
extension TrainingPreset {
  /// The vocabulary as published; nil where it is that of the tokenizer.
  public var vocabularySize: Int? { size("vocab_size") }

  /// A whole number of the model's config.json; nil where the preset leaves the key out.
  public func size(_ key: String) -> Int? {
    if case .integer(let size)? = model[key] { size } else { nil }
  }

  /// The keys of the model's config.json.
  ///
  /// - Parameters:
  ///   - tokenizer: the ids of the tokenizer that goes with it; nil for the published one.
  ///   - changes: keys with values in place of the preset's, as `change` reads them.
  public func keys(
    tokenizer: TokenizerSizes? = nil, changes: [String: JSONValue] = [:]
  ) -> [String: JSONValue] {
    var keys = model
    if let tokenizer { tokenizer.fit(&keys) }
    return Self.applying(changes, to: keys)
  }

  /// Keys with changes, and with what follows from these where it is not given itself: heads of keys
  /// and values that were as many as those of queries, the head's size, the inner size of a Mamba and
  /// the rank of its time step.
  public static func applying(
    _ changes: [String: JSONValue], to keys: [String: JSONValue]
  ) -> [String: JSONValue] {
    var result = keys.merging(changes) { $1 }
    func whole(_ key: String, _ keys: [String: JSONValue]) -> Int? {
      if case .integer(let value)? = keys[key], value > 0 { value } else { nil }
    }
    func isFree(_ key: String) -> Bool { keys[key] != nil && changes[key] == nil }
    let (hidden, heads) = (whole("hidden_size", result), whole("num_attention_heads", result))
    let isWider = hidden != whole("hidden_size", keys)
    let hasOtherHeads = heads != whole("num_attention_heads", keys)
    if let heads, hasOtherHeads, isFree("num_key_value_heads"),
      keys["num_key_value_heads"] == keys["num_attention_heads"]
    {
      result["num_key_value_heads"] = .integer(heads)
    }
    if let hidden, let heads, isWider || hasOtherHeads, isFree("head_dim") {
      result["head_dim"] = .integer(hidden / heads)
    }
    if let hidden, let expand = whole("expand", result), isWider || changes["expand"] != nil {
      if isFree("intermediate_size") { result["intermediate_size"] = .integer(expand * hidden) }
      if isFree("time_step_rank") { result["time_step_rank"] = .integer((hidden + 15) / 16) }
    }
    return result
  }

  /// The model.
  ///
  /// - Throws: `ModelError.configuration` for changes that no file could have, and for a preset without
  ///   a vocabulary of its own where no tokenizer gives one.
  public func configuration(
    tokenizer: TokenizerSizes? = nil, changes: [String: JSONValue] = [:]
  ) throws(ModelError) -> ModelConfiguration {
    try ModelConfiguration(keys: keys(tokenizer: tokenizer, changes: changes))
  }

  /// A change of the shape, `num_hidden_layers=6`: a key of config.json and a value of JSON.
  ///
  /// - Throws: `TrainingError.invalidSetting` for a key that the preset has not, or no value.
  public func change(_ text: String) throws(TrainingError) -> (key: String, value: JSONValue) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let key = parts.first else {
      throw .invalidSetting(field: "set", found: "\"\(text)\"", expected: "KEY=VALUE")
    }
    guard key == "vocab_size" || SpecialTokenIDs.keys.contains(key) || model[key] != nil else {
      throw .invalidSetting(
        field: "set", found: "the key \(key)",
        expected: "one of \(model.keys.sorted().joined(separator: ", "))")
    }
    guard let value = JSONValue(value: parts[1]) else {
      throw .invalidSetting(
        field: key, found: "\"\(parts[1])\"", expected: "a value of JSON: 6, 0.02, true, null")
    }
    return (key, value)
  }
}

/// What a tokenizer says about the model that it goes with.
public struct TokenizerSizes: Sendable, Equatable {
  /// Ids are below it.
  public var vocabularySize: Int
  /// The token that ends documents.
  public var endOfText: Int

  public init(vocabularySize: Int, endOfText: Int) {
    self.vocabularySize = vocabularySize
    self.endOfText = endOfText
  }

  /// Gives a config.json the ids of this tokenizer: a vocabulary where it has none or too small a
  /// one (a larger one is padding, as published models have it), and the end of text, also for
  /// beginning and padding where those were the end of text.
  public func fit(_ keys: inout [String: JSONValue]) {
    if case .integer(let size)? = keys["vocab_size"], size >= vocabularySize {
    } else {
      keys["vocab_size"] = .integer(vocabularySize)
    }
    let end = JSONValue.integer(endOfText)
    guard let stated = keys["eos_token_id"], stated != .null else {
      for key in SpecialTokenIDs.keys { keys[key] = end }
      return
    }
    for key in SpecialTokenIDs.keys where keys[key] == stated { keys[key] = end }
  }
}
