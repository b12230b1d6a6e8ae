import Store

/// The layers of a transformer in which a token sees a window of tokens, itself the last of them, and
/// not all before it.
struct SlidingWindows: Sendable, Equatable {
  /// Tokens that a token sees.
  let size: Int
  /// Which layers have the window, at least one of them.
  let layers: [Bool]
  /// `max_window_layers` as stated, which `layer_types` may overrule: kept for what is saved, without
  /// effect on what is computed.
  private let statedFirst: Int?

  static func == (one: Self, other: Self) -> Bool {
    one.size == other.size && one.layers == other.layers
  }

  private init?(size: Int, layers: [Bool], statedFirst: Int? = nil) {
    guard layers.contains(true) else { return nil }
    self.size = size
    self.layers = layers
    self.statedFirst = statedFirst
  }

  /// Whether all layers have the window.
  var isEverywhere: Bool { !layers.contains(false) }

  private static let sizes = 1...Int(Int32.max)
  private static let usualSize = 4096

  /// Qwen's keys: `use_sliding_window`, `sliding_window`, and `layer_types` or else the layers from
  /// `max_window_layers` on; nil where no layer has a window.
  static func qwen(_ fields: ConfigurationFields, layers: Int) throws(ModelError) -> Self? {
    let from = try fields.integer("max_window_layers", in: 0...Int(Int32.max), default: 28)
    let isUsed = try fields.flag("use_sliding_window", default: false)
    let kinds = try layerTypes(fields, layers: layers)
    guard isUsed, fields.values["sliding_window"] != .null else {
      _ = try fields.integer("sliding_window", in: 0...Int(Int32.max), default: usualSize)
      if kinds?.contains(true) == true {
        throw fields.wrong(
          isUsed ? "sliding_window" : "use_sliding_window",
          (isUsed ? "a number of tokens" : "true") + " where layer_types has sliding_attention")
      }
      return nil
    }
    let windowed = kinds ?? (0..<layers).map { $0 >= from }
    let size = try fields.integer(
      "sliding_window", in: windowed.contains(true) ? sizes : 0...Int(Int32.max),
      default: usualSize)
    return SlidingWindows(
      size: size, layers: windowed,
      statedFirst: fields.values["max_window_layers"] == nil ? nil : from)
  }

  /// Mistral's: `sliding_window`, null for none, in every layer, or where `layer_types` says.
  static func mistral(_ fields: ConfigurationFields, layers: Int) throws(ModelError) -> Self? {
    let kinds = try layerTypes(fields, layers: layers)
    guard fields.values["sliding_window"] != .null else {
      if kinds?.contains(true) == true {
        throw fields.wrong(
          "sliding_window", "a number of tokens where layer_types has sliding_attention")
      }
      return nil
    }
    return SlidingWindows(
      size: try fields.integer("sliding_window", in: sizes, default: usualSize),
      layers: kinds ?? Array(repeating: true, count: layers))
  }

  /// Whether each layer has a window, as `layer_types` says; nil where it is left out.
  private static func layerTypes(
    _ fields: ConfigurationFields, layers: Int
  ) throws(ModelError) -> [Bool]? {
    guard let kinds = try fields.list("layer_types") else { return nil }
    var windowed: [Bool] = []
    for kind in kinds {
      switch kind {
      // The second is an older name of the first.
      case .text("full_attention"), .text("attention"): windowed.append(false)
      case .text("sliding_attention"): windowed.append(true)
      default:
        throw .unsupported(
          feature: "layer_types", found: kind.shown,
          supported: "full_attention, sliding_attention")
      }
    }
    if kinds.count != layers {
      throw .configuration(
        key: "layer_types", found: "a list of \(kinds.count)",
        expected: "one for each of num_hidden_layers (\(layers))")
    }
    return windowed
  }

  /// `layer_types`.
  private var json: JSONValue {
    .list(layers.map { .text($0 ? "sliding_attention" : "full_attention") })
  }

  static func qwenKeys(_ windows: Self?) -> [String: JSONValue] {
    guard let windows else { return ["use_sliding_window": .flag(false), "sliding_window": .null] }
    return [
      "use_sliding_window": .flag(true), "sliding_window": .integer(windows.size),
      "layer_types": windows.json,
      "max_window_layers": .integer(
        windows.statedFirst ?? windows.layers.firstIndex(of: true) ?? 0),
    ]
  }

  static func mistralKeys(_ windows: Self?) -> [String: JSONValue] {
    guard let windows else { return ["sliding_window": .null] }
    let size: [String: JSONValue] = ["sliding_window": .integer(windows.size)]
    // With layer_types transformers takes the class that has it.
    return windows.isEverywhere
      ? size
      : size.merging([
        "layer_types": windows.json, "architectures": .list([.text("MinistralForCausalLM")]),
      ]) { $1 }
  }

  /// As people read it.
  var fact: String {
    let places =
      isEverywhere ? "every layer" : "\(layers.count { $0 }) of \(layers.count) layers"
    return "sliding window of \(size) tokens in \(places)"
  }
}
