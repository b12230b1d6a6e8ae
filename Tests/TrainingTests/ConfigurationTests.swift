import Foundation
import Testing
import Training

@Suite struct TrainingConfigurationTests {
  /// Settings that are valid, with a weight decay.
  private func settings(endOfSequenceToken: Int32?) -> TrainingConfiguration {
    var configuration = TrainingConfiguration(
      steps: 100_000, chunksPerMicroBatch: 16, chunksPerStep: 512,
      endOfSequenceToken: endOfSequenceToken, learningRate: 6e-4, minimumLearningRate: 6e-5,
      warmupSteps: 2000)
    configuration.weightDecay = 0.1
    return configuration
  }

  @Test func survivesJSON() throws {
    var configuration = settings(endOfSequenceToken: nil)
    configuration.tokenBudget = 1_000_000
    let data = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(TrainingConfiguration.self, from: data) == configuration)
  }

  @Test func settingsWithoutMeaningAreRefusedByName() throws {
    let good = settings(endOfSequenceToken: 0)
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
    let earlier = settings(endOfSequenceToken: 0)
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
