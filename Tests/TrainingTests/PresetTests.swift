import LanguageModels
import Store
import Testing
import Training

@Suite struct PresetTests {
  /// Numbers of the published models; llama3.1-212m's is the one that its file size gives.
  @Test(arguments: [
    ("qwen-104m-ref", 103_502_336), ("qwen-200m", 203_437_824), ("qwen-500m", 463_987_712),
    ("qwen-1.2b", 1_160_566_272), ("mamba-130m", 140_458_752), ("llama3.1-212m", 211_766_016),
  ])
  func hasThePublishedNumberOfParameters(name: String, count: Int) throws {
    let preset = try TrainingPreset(named: name)
    #expect(preset.isPublished)
    #expect(try preset.configuration().parameterCount == count)
  }

  /// The table of the published scripts.
  @Test(arguments: [
    ("qwen-104m-ref", 6e-4, 6e-5, 2000, 0.98, 0.01, 9537),
    ("qwen-200m", 6e-4, 6e-5, 2000, 0.98, 0.01, 100_000),
    ("qwen-500m", 3e-4, 3e-5, 2000, 0.98, 0.01, 100_000),
    ("qwen-1.2b", 2.5e-4, 2.5e-5, 2000, 0.98, 0.01, 100_000),
    ("mamba-130m", 2e-3, 1e-5, 10_000, 0.95, 0.1, 100_000),
    ("llama3.1-212m", 6e-4, 6e-5, 2000, 0.98, 0.01, 100_000),
  ])
  func hasThePublishedTraining(
    name: String, rate: Double, minimum: Double, warmup: Int, beta2: Double, decay: Double,
    steps: Int
  ) throws {
    let training = try TrainingPreset(named: name).training
    #expect(
      training
        == TrainingConfiguration(
          steps: steps, chunksPerMicroBatch: 1, chunksPerStep: 512, chunkTokens: 1025,
          endOfSequenceToken: nil, learningRate: rate, minimumLearningRate: minimum,
          warmupSteps: warmup, schedule: .cosine, beta1: 0.9, beta2: beta2, epsilon: 1e-6,
          weightDecay: decay, decayPolicy: .all, gradientClip: 1, seed: 10, order: .sequential,
          lossMean: .perChunk, checkpointInterval: 5000, logInterval: 10))
    let tokens = training.chunksPerStep * (training.chunkTokens - 1)
    #expect(tokens == 524_288)
  }

  @Test(arguments: TrainingPreset.all.map(\.name)) func isAModelThatTrains(name: String) throws {
    let preset = try TrainingPreset(named: name)
    try preset.training.validate()
    #expect(!preset.notes.isEmpty)
    // Small ones have the vocabulary of their tokenizer.
    #expect((preset.vocabularySize == nil) == !preset.isPublished)
    let tokenizer = TokenizerSizes(vocabularySize: 300, endOfText: 7)
    let model = try preset.configuration(tokenizer: tokenizer)
    #expect(model.vocabularySize == preset.vocabularySize ?? 300)
    #expect(model.specialTokens.end == [7])
    #expect(model.maximumPositions ?? .max >= preset.training.chunkTokens - 1)
  }

  /// A tokenizer with more ids than the preset widens the vocabulary, the published end stays.
  @Test func aTokenizerFits() throws {
    let qwen = try TrainingPreset(named: "qwen-200m")
    let published = TokenizerSizes(vocabularySize: 151_646, endOfText: 151_643)
    #expect(qwen.keys(tokenizer: published) == qwen.model)
    let wide = TokenizerSizes(vocabularySize: 200_000, endOfText: 5)
    let keys = qwen.keys(tokenizer: wide)
    #expect(keys["vocab_size"] == .integer(200_000))
    #expect(keys["bos_token_id"] == .integer(5) && keys["eos_token_id"] == .integer(5))
    let mamba = try TrainingPreset(named: "mamba-130m")
    let other = mamba.keys(tokenizer: TokenizerSizes(vocabularySize: 9, endOfText: 4))
    #expect(other["pad_token_id"] == .integer(4) && other["bos_token_id"] == .integer(0))
  }

  @Test func everyKeyOfTheShapeCanBeGivenOtherwise() throws {
    let preset = try TrainingPreset(named: "qwen-200m")
    let change = try preset.change("num_hidden_layers=6")
    #expect(change.key == "num_hidden_layers" && change.value == .integer(6))
    let model = try preset.configuration(changes: [change.key: change.value])
    #expect(model.layerCount == 6)
    #expect(try preset.change("rope_scaling=null").value == .null)
    for text in ["num_layers=6", "num_hidden_layers", "num_hidden_layers=six", "=3"] {
      #expect(throws: TrainingError.self) { try preset.change(text) }
    }
    // What follows from a change follows, unless it is given.
    let mamba = try TrainingPreset(named: "mamba-130m")
    let narrow = mamba.keys(changes: ["hidden_size": .integer(64)])
    #expect(narrow["intermediate_size"] == .integer(128))
    #expect(narrow["time_step_rank"] == .integer(4))
    let few = preset.keys(changes: ["num_attention_heads": .integer(6)])
    #expect(few["num_key_value_heads"] == .integer(6))
    #expect(throws: ModelError.self) {
      try preset.configuration(changes: ["num_attention_heads": .integer(7)])
    }
  }

  @Test func saysWhatIsNotAsThePresetHasIt() throws {
    let preset = try TrainingPreset(named: "mamba-130m")
    var training = preset.training
    #expect(training.changes(from: preset.training).isEmpty)
    // What changes nothing but memory and files is none of the recipe.
    training.chunksPerMicroBatch = 4
    training.checkpointInterval = 7
    #expect(training.changes(from: preset.training).isEmpty)
    training.steps = 1000
    training.learningRate = 1e-3
    #expect(
      training.changes(from: preset.training).map(\.words) == [
        "steps 1,000 (preset: 100,000)", "learning rate 0.001 (preset: 0.002)",
      ])
  }

  @Test func warmUpIsATenthOfAShortRun() {
    #expect(TrainingPreset.warmup(2000, steps: 100_000) == 2000)
    #expect(TrainingPreset.warmup(2000, steps: 2000) == 2000)
    #expect(TrainingPreset.warmup(2000, steps: 1999) == 199)
    #expect(TrainingPreset.warmup(10_000, steps: 5) == 0)
  }

  @Test func anUnknownNameListsTheOthers() throws {
    let error = #expect(throws: TrainingError.self) { try TrainingPreset(named: "qwen-7b") }
    let text = try #require(error).description
    for preset in TrainingPreset.all { #expect(text.contains(preset.name)) }
  }
}
