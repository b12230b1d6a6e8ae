import Foundation
import LanguageModels
import Store
import TensorKit
import Testing

/// Plans of memory for configurations of any content and size.
@Suite struct PlanRangeTests {
  /// Mutated configurations give a plan or an error, never an end of the process.
  @Test func mutatedConfigurations() throws {
    let values = [
      "-1", "0", "1", "1099511627776", "9223372036854775807", "-9223372036854775808", "1e400",
      "0.5",
      "true", "\"32\"", "null", "[]", "[1]", "{}", "NaN", "Infinity", "131072", "4096", "16777216",
      "1e-300", "524288",
    ]
    let compute = try Fixture.compute()
    let place = try TemporaryFolder()
    let path = place.path + "/config.json"
    var state: UInt64 = 11
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var planned = 0
    for fixture in Fixture.all {
      let base = try fixture.configurationKeys()
      let keys = base.keys.sorted() + ["rope_theta", "rope_scaling", "sliding_window"]
      for _ in 0..<400 {
        var texts = base.mapValues { $0.json() }
        for _ in 0...random(2) { texts[keys[random(keys.count)]] = values[random(values.count)] }
        let text = "{" + texts.map { "\"\($0)\": \($1)" }.joined(separator: ",") + "}"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        guard let configuration = try? ModelConfiguration(file: path) else { continue }
        for purpose in [WorkspacePurpose.scoring, .training] {
          let plan = MemoryPlan(
            configuration: configuration, maximumTokens: 4096, purpose: purpose, compute: compute)
          #expect(plan.totalBytes > 0)
        }
        planned += 1
      }
    }
    #expect(planned > 500)
  }

  @Test func plansOfAnySize() throws {
    let compute = try Fixture.compute()
    let large = try ModelConfiguration(
      .llama,
      ModelSizes(
        vocabularySize: 1 << 24, hiddenSize: 1 << 17, intermediateSize: 1 << 19, layerCount: 4096,
        headCount: 1024))
    for tokens in [1, 1 << 20, 1 << 40, Int.max] {
      for purpose in [WorkspacePurpose.scoring, .training] {
        let plan = MemoryPlan(
          configuration: large, maximumTokens: tokens, purpose: purpose, compute: compute)
        #expect(plan.totalBytes > 1 << 50)
        #expect(throws: ModelError.self) {
          try MemoryPlan.check(
            configuration: large, maximumTokens: tokens, purpose: purpose, compute: compute,
            limitBytes: 1 << 40)
        }
      }
      #expect(throws: ModelError.self) {
        try DecodingPlan.check(
          configuration: large, sequences: tokens, capacity: tokens, compute: compute,
          limitBytes: 1 << 40)
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func fourThousandLayersAreSeenAtOnce() throws {
    let compute = try Fixture.compute()
    for family in Family.allCases {
      let deep = try ModelConfiguration(
        family,
        ModelSizes(
          vocabularySize: 100, hiddenSize: 32, intermediateSize: 64, layerCount: 4096, headCount: 4)
      )
      let start = ContinuousClock.now
      for precision in Precision.allCases {
        _ = MemoryPlan(
          configuration: deep, maximumTokens: 4096, precision: precision, purpose: .scoring,
          compute: compute)
      }
      #expect(ContinuousClock.now - start < .seconds(4))
    }
  }
}
