import Benchmarking
import LanguageModels
import Store
import Testing

@Suite struct ShapeTests {
  /// Counts of the published models; llama-212m's is the one that its file size gives.
  @Test(arguments: [
    ("qwen-104m", 103_502_336), ("qwen-200m", 203_437_824), ("qwen-500m", 463_987_712),
    ("qwen1.5-1.8b", 1_836_828_672), ("llama-212m", 211_766_016), ("mamba-130m", 140_458_752),
  ])
  func hasThePublishedNumberOfParameters(name: String, count: Int) throws {
    #expect(try BenchmarkShape(named: name).configuration.parameterCount == count)
  }

  @Test func everyNameIsAShape() throws {
    #expect(BenchmarkShape.names.count == 8)
    #expect(try BenchmarkShape.all().map(\.name) == BenchmarkShape.names)
  }

  @Test func anUnknownShapeListsTheOthers() throws {
    let error = #expect(throws: BenchmarkError.unknownShape("qwen-7b")) {
      try BenchmarkShape(named: "qwen-7b")
    }
    let text = try #require(error).description
    for name in BenchmarkShape.names { #expect(text.contains(name)) }
  }

  @Test func anotherVocabularyChangesOnlyTheHead() throws {
    var shape = try BenchmarkShape(named: "mamba-130m")
    try shape.setVocabulary(50_280)
    // transformers' count for the published mamba-130m-hf.
    #expect(shape.configuration.parameterCount == 129_135_360)
    #expect(throws: BenchmarkError.vocabulary(0)) { try shape.setVocabulary(0) }
  }

  /// Multiply-adds of every matrix that a token meets, written out.
  @Test func countsProductsOfADecoder() throws {
    let shape = try BenchmarkShape(named: "qwen-104m").configuration
    let layer = 512 * 1536 + 512 * 512 + 512 * 2816 + 1408 * 512
    #expect(ProductCount.forwardPerToken(shape) == 2 * (8 * layer + 512 * 151_936))
    #expect(ProductCount.forwardPerToken(shape) == 206_962_688)
    #expect(ProductCount.trainingPerToken(shape) == 3 * 206_962_688)
  }

  @Test func countsProductsWithSharedKeysAndValues() throws {
    let shape = try ModelConfiguration(
      .qwen2,
      ModelSizes(
        vocabularySize: 1000, hiddenSize: 896, intermediateSize: 4864, layerCount: 2,
        headCount: 14, keyValueHeadCount: 2))
    let layer = 896 * (896 + 2 * 2 * 64) + 896 * 896 + 3 * 896 * 4864
    #expect(ProductCount.forwardPerToken(shape) == 2 * (2 * layer + 896 * 1000))
  }

  @Test func countsProductsOfAMamba() throws {
    let shape = try BenchmarkShape(named: "mamba-130m").configuration
    let layer = 768 * 3072 + 1536 * (48 + 32) + 48 * 1536 + 1536 * 768
    #expect(ProductCount.forwardPerToken(shape) == 2 * (24 * layer + 768 * 65_024))
  }

  /// Every counted operation is two for one weight, so the count follows from the table of
  /// parameters, without vectors, the convolution and A.
  @Test(arguments: BenchmarkShape.names) func countsEveryWeightOnce(name: String) throws {
    let configuration = try BenchmarkShape(named: name).configuration
    let weights = ParameterTable(configuration).entries.filter { entry in
      let isTiedHead = entry.tiedTo != nil
      let isInput =
        entry.name.hasSuffix("embed_tokens.weight") || entry.name.hasSuffix("embeddings.weight")
      return entry.shape.count == 2 && !entry.name.hasSuffix("A_log") && (isTiedHead || !isInput)
    }
    let count = weights.reduce(0) { $0 + $1.count }
    #expect(ProductCount.forwardPerToken(configuration) == 2 * count)
  }
}
