import ArgumentParser
import ModelPlaces
import Numerics
import Pipeline
import TensorKit

/// The models of this machine.
struct ModelsCommand: ParsableCommand, LooksOnly {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the models on this machine: what they are, what they take, what can be used.",
    discussion: """
      Looked into are the hub's cache (HF_HUB_CACHE, HF_HOME), the folders of LM Studio, llama.cpp \
      (LLAMA_CACHE) and Ollama (OLLAMA_MODELS), models and the current folder, and what is named. \
      Memory is that of scoring in batches of 4,096 tokens. --model, --teacher and --reference take \
      the path, or the name OWNER/NAME of a model in the hub's cache.
      """)

  @Argument(help: "Folders to look into as well.")
  var folders: [String] = []
  @Flag(help: "List the recipes for new-model, train and init instead: shape and training.")
  var presets = false
  @OptionGroup var threads: ThreadOptions
  @Flag(name: .long, help: "Print the list as JSON.")
  var json = false

  func run() throws {
    if presets { return try PresetList.print(json: json) }
    let result = try FindModels(
      folders: folders + FindModels.usualFolders(), compute: threads.compute()
    ).run(Work())
    if json { return try Output.json(Listing(result)) }
    for model in result.models {
      for line in Self.lines(model) { try Output.line(line) }
    }
    if result.models.isEmpty {
      try Output.line("No models found. Fetch one: miniplm pull Qwen/Qwen2.5-0.5B")
      for line in result.placeLines { try Output.line("  looked into \(line)") }
    }
  }

  /// Name and facts, then what a person does with them.
  private static func lines(_ model: ListedModel) -> [String] {
    let facts: [String?] = [
      model.family, model.parameters.map { "\(Number.count($0)) parameters" },
      model.elementTypes.isEmpty ? nil : model.elementTypes.joined(separator: "/"),
      Number.bytes(model.bytes), model.vocabularySize.map { "vocabulary \(Number.grouped($0))" },
    ]
    let memory = Precision.allCases.compactMap { precision in
      model.memory[precision].map {
        "\(precision.rawValue) \(Number.bytes($0))"
          + (model.fitting.contains(precision) ? "" : " (does not fit)")
      }
    }
    var lines = [
      "\(model.name) (\(model.place)): " + facts.compactMap { $0 }.joined(separator: ", "),
      "  \(model.path)",
    ]
    if let obstacle = model.obstacle {
      lines.append("  cannot be used: \(obstacle)")
    } else if !memory.isEmpty {
      lines.append("  memory: \(memory.joined(separator: ", "))")
    }
    if !model.sameTokenizerAs.isEmpty {
      lines.append("  same tokenizer as \(model.sameTokenizerAs.joined(separator: ", "))")
    }
    return lines
  }

  /// As JSON has it.
  private struct Listing: Encodable {
    struct Model: Encodable {
      var name: String
      var path: String
      var place: String
      var family: String?
      var parameters: Int?
      var bytes: Int
      var precision: [String]
      var vocabulary: Int?
      var usable: Bool
      var obstacle: String?
      var memory: [String: Int]
      var fits: [String]
      var tokenizer: String?
      var sameTokenizerAs: [String]

      init(_ model: ListedModel) {
        name = model.name
        path = model.path
        place = model.place
        family = model.family
        parameters = model.parameters
        bytes = model.bytes
        precision = model.elementTypes
        vocabulary = model.vocabularySize
        usable = model.obstacle == nil
        obstacle = model.obstacle
        memory = Dictionary(
          uniqueKeysWithValues: model.memory.map { ($0.key.rawValue, $0.value) })
        fits = model.fitting.map(\.rawValue)
        tokenizer = model.tokenizer
        sameTokenizerAs = model.sameTokenizerAs
      }
    }

    struct Place: Encodable {
      var kind: String
      var path: String
      var isThere: Bool
    }

    var models: [Model]
    var places: [Place]
    var freeMemory: Int

    init(_ result: FindModels.Result) {
      models = result.models.map(Model.init)
      places = result.places.map { Place(kind: $0.kind, path: $0.path, isThere: $0.isThere) }
      freeMemory = result.freeBytes
    }
  }
}
