import Experiments
import Foundation
import LanguageModels
import Store
import Testing

@Suite struct RecipeTests {
  /// A recipe that is in order, with `changes` made to its text.
  static func text(_ changes: [(String, String)] = []) -> String {
    changes.reduce(
      """
      {"name": "tiny",
       "corpus": {"files": {"scored": ["s.jsonl"], "reserve": ["r.jsonl"], "held_out": ["h.jsonl"]}},
       "chunk_tokens": 33, "tokenizer": {"vocabulary": 300},
       "teacher": {"family": "qwen2", "hidden": 32, "layers": 1, "heads": 2, "intermediate": 64,
         "chunks_per_step": 4, "learning_rate": 5e-3},
       "reference": {"family": "qwen2", "hidden": 16, "layers": 1, "heads": 2, "intermediate": 32,
         "chunks_per_step": 4, "learning_rate": 5e-3},
       "scoring": {"charge": "amortized"},
       "students": {"models": [{"name": "mamba-16", "family": "mamba", "hidden": 16, "layers": 1,
         "chunks_per_step": 4, "learning_rate": 5e-3}], "tokens": [6000], "seeds": [1, 2]},
       "methods": [{"method": "conventional"}, {"method": "miniplm", "ratios": [0.3, 0.5]},
         {"method": "uniform", "ratios": [0.5]}],
       "evaluation": {"checkpoints": 2, "chunks": 8}}
      """
    ) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }

  private func fault(_ changes: (String, String)...) throws -> (key: String, words: String) {
    do {
      _ = try ExperimentRecipe(json: Array(Self.text(changes).utf8), path: "x.json")
    } catch ExperimentError.recipe(let path, let key, let found, let expected) {
      #expect(path == "x.json")
      return (key, "\(found); \(expected)")
    }
    Issue.record("\(changes) was taken")
    return ("", "")
  }

  @Test func aRecipeIsReadWhole() throws {
    let recipe = try ExperimentRecipe(json: Array(Self.text().utf8), path: "x.json")
    #expect(
      recipe.arms.map(\.name) == [
        "conventional", "miniplm-r0.30", "miniplm-r0.50", "uniform-r0.50",
      ])
    #expect(recipe.seeds == [1, 2])
    #expect(recipe.charge == .amortized)
    #expect(recipe.models[0].minimumLearningRate == 5e-4)
    #expect(recipe.students.count == 8)
    #expect(Set(recipe.students.map(\.name)).count == 8)
  }

  /// A preset gives what a model does not state, and all that the keys cannot say.
  @Test func aPresetStandsForWhatIsLeftOut() throws {
    let text = Self.text([
      ("\"family\": \"mamba\", \"hidden\": 16,", "\"preset\": \"mamba-130m\", \"hidden\": 32,")
    ])
    let model = try ExperimentRecipe(json: Array(text.utf8), path: "x.json").models[0]
    #expect(model.family == .mamba && model.hiddenSize == 32 && model.layerCount == 1)
    #expect(model.chunksPerStep == 4 && model.beta2 == 0.95 && model.weightDecay == 0.1)
    #expect(model.minimumLearningRate == 1e-5 && model.warmupShare == 0.1)
    // The published vocabulary is padding for a smaller tokenizer; the rest follows from the width.
    let shape = try model.configuration(vocabularySize: 300, endOfText: 3)
    #expect(shape.vocabularySize == 65024 && shape.specialTokens.end == [3])
    #expect(shape.facts == ["inner size 64, state size 16"])
    let wrong = try fault(
      ("\"family\": \"mamba\", \"hidden\": 16,", "\"preset\": \"mamba-7b\", \"hidden\": 16,"))
    #expect(wrong.key == "students.models[0].preset" && wrong.words.contains("mamba-130m"))
  }

  @Test func namesOfArmsKeepTheirRatio() {
    for (ratio, name) in [(0.125, "miniplm-r0.125"), (1, "miniplm-r1.00"), (0.05, "miniplm-r0.05")]
    {
      #expect(ExperimentArm(.miniplm, ratio: ratio).name == name)
    }
  }

  @Test func everyFaultNamesItsKey() throws {
    #expect(try fault(("\"name\": \"tiny\",", "")).key == "name")
    #expect(
      try fault(("\"layers\": 1, \"heads\": 2, \"intermediate\": 64", "\"layers\": \"1\"")).key
        == "teacher.layers")
    #expect(try fault(("\"hidden\": 32", "\"hiden\": 32")).key == "teacher.hiden")
    #expect(
      try fault(("\"family\": \"mamba\"", "\"family\": \"rwkv\"")).key
        == "students.models[0].family")
    #expect(try fault(("[0.3, 0.5]", "[0.3, 1.5]")).key == "methods[1].ratios[1]")
    #expect(try fault(("\"tokens\": [6000]", "\"tokens\": []")).key == "students.tokens")
    #expect(try fault(("\"seeds\": [1, 2]", "\"seeds\": [1, -2]")).key == "students.seeds[1]")
    #expect(try fault(("\"seeds\": [1, 2]", "\"seeds\": [1, 1]")).key == "students.seeds")
    #expect(try fault(("\"miniplm\"", "\"minplm\"")).key == "methods[1].method")
    #expect(try fault(("{\"method\": \"conventional\"}, ", "")).key == "methods")
    #expect(try fault(("\"amortized\"", "\"half\"")).key == "scoring.charge")
    #expect(try fault(("\"reserve\": [\"r.jsonl\"], ", "")).key == "corpus.files.reserve")
    #expect(
      try fault(("\"tokens\": [6000]", "\"tokens\": [6000], \"tokens\": [3]")).key
        == "students.tokens")
    #expect(
      try fault(("\"conventional\"}", "\"conventional\", \"ratios\": [1]}")).key
        == "methods[0].ratios")
    let words = try fault(("\"chunk_tokens\": 33", "\"chunk_tokens\": 2.5")).words
    #expect(words == "2.5; a whole number, 8 to 1048576")
  }

  @Test func sizesThatDoNotGoTogetherAreFoundAtOnce() throws {
    #expect(
      try fault(
        (
          "\"hidden\": 32, \"layers\": 1, \"heads\": 2",
          "\"hidden\": 32, \"layers\": 1, \"heads\": 5"
        )
      ).key == "teacher")
  }

  @Test func whatIsNoJSONIsSaidToBeNone() {
    for text in ["", "{", "[1, 2", "{\"name\": }"] {
      #expect(throws: StoreError.self) {
        try ExperimentRecipe(json: Array(text.utf8), path: "x.json")
      }
    }
    #expect(throws: ExperimentError.self) {
      try ExperimentRecipe(json: Array("[1]".utf8), path: "x.json")
    }
  }

  @Test func committedRecipesAreInOrder() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let names = try Folder.list("\(root)/experiments").filter { $0.hasSuffix(".json") }
    #expect(!names.isEmpty)
    for name in names {
      let recipe = try ExperimentRecipe(file: "\(root)/experiments/\(name)")
      #expect(name == "\(recipe.name).json")
    }
  }
}
