import Foundation
import Testing
import Training

@Suite struct TrainingConfigurationTests {
  @Test func publishedSettingsOfMamba() throws {
    let mamba = TrainingConfiguration.published(.mamba130M, endOfSequenceToken: 11)
    #expect(mamba.steps == 100_000)
    #expect(mamba.chunksPerStep == 512)
    #expect(mamba.chunkTokens == 1025)
    #expect(mamba.learningRate == 2e-3)
    #expect(mamba.minimumLearningRate == 1e-5)
    #expect(mamba.warmupSteps == 10_000)
    #expect(mamba.weightDecay == 0.1)
    #expect(mamba.beta1 == 0.9)
    #expect(mamba.beta2 == 0.95)
    #expect(mamba.epsilon == 1e-6)
    #expect(mamba.gradientClip == 1)
    #expect(mamba.decayPolicy == .all)
    #expect(mamba.order == .sequential)
    #expect(mamba.lossMean == .perChunk)
    #expect(mamba.learningRateSchedule.rate(afterUpdates: 5000) == 1e-3)
  }

  @Test(arguments: [
    (PublishedModel.qwen200M, 6e-4, 6e-5, 8), (.qwen500M, 3e-4, 3e-5, 4),
    (.qwen1200M, 2.5e-4, 2.5e-5, 4), (.llama212M, 6e-4, 6e-5, 8),
  ])
  func publishedSettingsOfTransformers(
    model: PublishedModel, rate: Double, minimum: Double, microBatch: Int
  ) throws {
    let configuration = TrainingConfiguration.published(model, endOfSequenceToken: 151643)
    #expect(configuration.learningRate == rate)
    #expect(configuration.minimumLearningRate == minimum)
    #expect(configuration.chunksPerMicroBatch == microBatch)
    #expect(configuration.warmupSteps == 2000)
    #expect(configuration.weightDecay == 0.01)
    #expect(configuration.beta2 == 0.98)
  }

  @Test(arguments: PublishedModel.allCases)
  func everyPublishedSettingIsValid(model: PublishedModel) throws {
    try TrainingConfiguration.published(model, endOfSequenceToken: nil).validate()
  }

  @Test func survivesJSON() throws {
    var configuration = TrainingConfiguration.published(.qwen200M, endOfSequenceToken: nil)
    configuration.tokenBudget = 1_000_000
    let data = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(TrainingConfiguration.self, from: data) == configuration)
  }

  @Test func settingsWithoutMeaningAreRefusedByName() throws {
    let good = TrainingConfiguration.published(.mamba130M, endOfSequenceToken: 0)
    let breaks: [(String, (inout TrainingConfiguration) -> Void)] = [
      ("steps", { $0.steps = 0 }),
      ("chunksPerMicroBatch", { $0.chunksPerMicroBatch = 0 }),
      ("chunksPerStep", { $0.chunksPerStep = 15 }),
      ("chunkTokens", { $0.chunkTokens = 1 }),
      ("learningRate", { $0.learningRate = .nan }),
      ("minimumLearningRate", { $0.minimumLearningRate = 1 }),
      ("warmupSteps", { $0.warmupSteps = 200_000 }),
      ("beta1", { $0.beta1 = 1 }),
      ("beta2", { $0.beta2 = -0.1 }),
      ("epsilon", { $0.epsilon = 0 }),
      ("weightDecay", { $0.weightDecay = .infinity }),
      ("gradientClip", { $0.gradientClip = 0 }),
      ("checkpointInterval", { $0.checkpointInterval = 0 }),
      ("checkpointsKept", { $0.checkpointsKept = 0 }),
    ]
    for (name, change) in breaks {
      var bad = good
      change(&bad)
      do {
        try bad.validate()
        Issue.record("\(name) was accepted")
      } catch {
        guard case .invalidSetting(let field, _, _) = error else {
          Issue.record("\(error)")
          continue
        }
        #expect(field == name)
      }
    }
  }

  @Test func aChangeThatWouldChangeTheResultIsRefused() throws {
    let earlier = TrainingConfiguration.published(.mamba130M, endOfSequenceToken: 0)
    var later = earlier
    later.logInterval = 1
    later.checkpointInterval = 7
    try later.requireContinues(earlier)
    #expect(try later.digest() == earlier.digest())
    later.weightDecay = 0.01
    #expect(
      throws: TrainingError.configurationChanged(
        field: "weightDecay", found: "0.01", expected: "0.1")
    ) { try later.requireContinues(earlier) }
    #expect(try later.digest() != earlier.digest())
    var unmasked = earlier
    unmasked.endOfSequenceToken = nil
    #expect(
      throws: TrainingError.configurationChanged(
        field: "endOfSequenceToken", found: "none", expected: "0")
    ) { try unmasked.requireContinues(earlier) }
  }
}
