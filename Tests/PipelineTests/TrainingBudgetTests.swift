import Corpus
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Testing
import Training

/// Budgets of a training by tokens and operations.
@Suite struct TrainingBudgetTests {
  let inputs: ScoredInputs

  init() throws { inputs = try ScoredInputs() }

  private let training = TrainingConfiguration(
    steps: 1, chunksPerMicroBatch: 2, chunksPerStep: 4, chunkTokens: 33, endOfSequenceToken: nil,
    learningRate: 1e-2, minimumLearningRate: 1e-3, warmupSteps: 0, checkpointInterval: 2)

  private func chunks() throws -> TokenShards { try TokenShards(folder: inputs.shards) }

  /// Input positions of all chunks over the number of chunks.
  private func meanInputs(_ chunks: TokenShards) -> Double {
    (0..<chunks.count).reduce(0.0) { $0 + Double(min(33, chunks.length(of: $1)) - 1) }
      / Double(chunks.count)
  }

  private func steps(
    _ budget: TrainingBudget, teacher: Bool = false
  ) throws -> Int {
    try budget.steps(
      of: training, .folder(inputs.reference), on: chunks(),
      teacher: teacher ? TrainingTeacher(.model(inputs.teacher, .f32)) : nil)
  }

  @Test func tokensAreThoseThatAreRead() throws {
    let step = 4 * meanInputs(try chunks())
    #expect(try steps(.tokens(10 * step)) == 10)
    #expect(try steps(.tokens(10.4 * step)) == 10)
    #expect(try steps(.tokens(0.6 * step)) == 1)
    #expect(throws: PipelineError.self) { try steps(.tokens(0.4 * step)) }
    #expect(throws: PipelineError.self) { try steps(.tokens(1e30)) }
    #expect(try steps(.epochs(2)) == 2 * (try chunks().count / 4))
    #expect(try steps(.steps(7)) == 7)
  }

  @Test func operationsAreOfStudentAndTeacher() throws {
    let mean = meanInputs(try chunks())
    let length = Int(mean.rounded())
    func perToken(_ folder: ModelFolder) throws -> Double {
      try ModelOperations(folder.configuration()).forward(length: length) / Double(length)
    }
    let student = try 3 * perToken(inputs.reference) * 4 * mean
    let taught = try student + perToken(inputs.teacher) * 4 * mean
    #expect(try steps(.operations(student * 9)) == 9)
    #expect(try steps(.operations(taught * 9), teacher: true) == 9)
    // The rule of the paper: 3 N T / (3 N + N_teacher).
    #expect(try steps(.operationsOfSteps(1000)) == 1000)
    let expected = Int((1000 * student / taught).rounded())
    #expect(try steps(.operationsOfSteps(1000), teacher: true) == expected)
    #expect(expected < 800)
    #expect(throws: PipelineError.self) { try steps(.operations(student / 3)) }
  }

  /// 25, 45 and 65 thousand of 100 thousand by 6 N D; what is counted has the head of a tied student and
  /// leaves out the teacher's embeddings, so the steps differ a little.
  @Test(arguments: [("qwen-200m", 25.0), ("qwen-500m", 45), ("qwen-1.2b", 65)])
  func thePublishedShapesComeNearThePublishedSteps(preset: String, thousands: Double) throws {
    let student = try TrainingPreset(named: preset).configuration()
    let folder = inputs.root + "/large"
    try Folder.make(folder)
    try AtomicFile.write(
      text: """
        {"model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"], "vocab_size": 151936,
         "hidden_size": 2048, "intermediate_size": 5504, "num_hidden_layers": 24,
         "num_attention_heads": 16, "num_key_value_heads": 16, "tie_word_embeddings": false,
         "rope_theta": 1000000.0, "rms_norm_eps": 1e-6, "max_position_embeddings": 32768}
        """, to: folder + "/config.json")
    let teacher = try ModelFolder(folder).configuration()
    let chunks = ChunkList(
      chunks: [[Int32]](repeating: [Int32](repeating: 1, count: 1025), count: 8))
    let steps = try TrainingBudget.operationsOfSteps(100_000).steps(
      of: TrainingConfiguration(
        steps: 1, chunksPerMicroBatch: 2, chunksPerStep: 4, chunkTokens: 1025,
        endOfSequenceToken: nil, learningRate: 1e-2, minimumLearningRate: 1e-3, warmupSteps: 0,
        checkpointInterval: 2),
      .fresh(student, .init(seed: 1)), on: chunks,
      teacher: TrainingTeacher(.model(ModelFolder(folder), .bf16)))
    let (n, t) = (Double(student.parameterCount), Double(teacher.parameterCount))
    #expect(abs(100 * 3 * n / (3 * n + t) - thousands) < 2)
    #expect(abs(Double(steps) - thousands * 1000) < 4000, "\(steps)")
  }
}
