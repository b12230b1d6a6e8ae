import Experiments
import Foundation
import ScalingLaws
import Testing
import Training

/// Figures of the report, on students whose losses are made up.
@Suite struct StatisticsTests {
  /// A student whose loss is `loss` on one source and two nats more on the other.
  private func student(
    _ arm: ExperimentArm, _ loss: Double, seed: UInt64, group: String = "a", scoring: Double = 0,
    budget: Double = 1000
  ) throws -> StudentResult {
    let chunks = [0, 0, 1, 1].map {
      EvaluationResult.Chunk(source: $0, tokens: 10, nllSum: 10 * (loss - 1 + 2 * Double($0)))
    }
    let losses = try EvaluationResult(sourceNames: ["x", "y"], chunks: chunks).summary()
    let values: [String: Any] = [
      "student": "\(group)-\(arm.name)-s\(seed)", "group": group, "arm": arm.name,
      "method": arm.method.rawValue, "ratio": arm.ratio ?? NSNull(), "model": "m",
      "family": "mamba", "parameters": 1, "seed": seed, "budgetTokens": 100, "tokens": 100,
      "steps": 10,
      "flops": [
        "budget": budget, "training": budget - scoring / 10, "scoring": scoring / 10,
        "fullScoring": scoring,
      ],
      "losses": try JSONSerialization.jsonObject(with: JSONEncoder().encode(losses)),
      "curve": [(0, 0.0, 5.0), (5, 500, 3), (10, 1000, loss)].map {
        ["step": $0.0, "tokens": 10 * $0.0, "flops": $0.1, "loss": $0.2]
      },
    ]
    return try JSONDecoder().decode(
      StudentResult.self, from: JSONSerialization.data(withJSONObject: values))
  }

  private let plain = ExperimentArm(.conventional)
  private let method = ExperimentArm(.miniplm, ratio: 0.5)

  @Test func intervalsAreStudentsT() {
    let three = SeedEstimate([1, 2, 3])
    #expect(three.mean == 2)
    // t(0.975, 2) = 4.30265; the standard error is 1 / sqrt(3).
    #expect(abs((three.halfWidth ?? 0) - 4.30265 / 3.0.squareRoot()) < 1e-4)
    #expect(!three.isTold)
    #expect(SeedEstimate([0.10, 0.11, 0.12]).isTold)
    #expect(SeedEstimate([5]).halfWidth == nil)
    #expect(!SeedEstimate([5]).isTold)
  }

  @Test func differencesArePairedBySeed() throws {
    var results: [StudentResult] = []
    for (seed, level) in [(1, 4.0), (2, 5.0), (3, 7.0)] as [(UInt64, Double)] {
      results.append(try student(plain, level, seed: seed))
      results.append(try student(method, level - 0.5 - 0.01 * Double(seed), seed: seed))
    }
    let rows = ArmComparison.all(results, arms: [plain.name, method.name])
    #expect(rows.map(\.arm) == [plain.name, method.name])
    #expect(rows[0].difference == nil)
    let difference = try #require(rows[1].difference)
    #expect(abs(difference.mean + 0.52) < 1e-12)
    // Far below the spread of the losses themselves.
    #expect((difference.halfWidth ?? 1) < 0.03)
    #expect((rows[1].loss.halfWidth ?? 0) > 1)
    #expect(abs((rows[1].sources["y"]?.mean ?? 0) + 0.52) < 1e-12)
  }

  @Test func groupsAreAveragedBeforeSeedsAreCounted() throws {
    var results: [StudentResult] = []
    for (group, gain) in [("a", 0.1), ("b", 0.3)] {
      for seed in [1, 2] as [UInt64] {
        results.append(try student(plain, 4, seed: seed, group: group))
        results.append(try student(method, 4 - gain, seed: seed, group: group))
      }
    }
    // A seed whose second group is still to come takes no part in the mean of all.
    results.append(try student(plain, 4, seed: 3))
    results.append(try student(method, 9, seed: 3))
    let rows = ArmComparison.all(results, arms: [plain.name, method.name])
    let all = try #require(rows.first { $0.group == nil && $0.arm == method.name }?.difference)
    #expect(all.seeds == 2)
    #expect(abs(all.mean + 0.2) < 1e-12)
  }

  @Test func anArmWithoutItsCounterpartIsNotCompared() throws {
    let rows = ArmComparison.all(
      [try student(plain, 4, seed: 1), try student(method, 3, seed: 2)],
      arms: [plain.name, method.name])
    #expect(rows.allSatisfy { $0.difference == nil })
  }

  @Test func allOfTheScoringIsReadFromTheCurve() throws {
    // 250 of 1,000 are left: halfway between 5 at 0 and 3 at 500.
    let results = [
      try student(plain, 2, seed: 1), try student(method, 1.5, seed: 1, scoring: 750),
    ]
    let charge = try #require(FullCharge.all(results).first)
    #expect(FullCharge.all(results).count == 1)
    #expect(charge.shareOfBudget == 0.75)
    #expect(abs((charge.difference?.mean ?? 0) - (4 - 2)) < 1e-12)
    let dear = [
      try student(plain, 2, seed: 1), try student(method, 1.5, seed: 1, scoring: 1200),
    ]
    #expect(FullCharge.all(dear)[0].difference == nil)
  }

  @Test func lawsFollowTheLossesOfAFamily() throws {
    var results: [StudentResult] = []
    for (number, compute) in [1e9, 4e9, 2e10, 1e11].enumerated() {
      for seed in [1, 2] as [UInt64] {
        // The method needs half of the computation.
        for (arm, factor) in [(plain, 1.0), (method, 2.0)] {
          let noise = 1 + 1e-4 * Double(seed)
          let loss = (2 + 400 * pow(factor * compute, -0.3)) * noise
          results.append(
            try student(arm, loss, seed: seed, group: "g\(number)", budget: compute))
        }
      }
    }
    let laws = try ArmLaw.all(results, arms: [plain.name, method.name]).laws
    #expect(laws.map(\.arm) == [plain.name, method.name])
    for law in laws { #expect(abs(law.alpha - 0.3) < 0.01, "\(law.alpha)") }
    #expect(laws[0].speedUp == nil)
    #expect(abs((laws[1].speedUp?.factor ?? 0) - 2) < 0.02)
    // Two sizes determine no law.
    let few = results.filter { ["g0", "g1"].contains($0.group) }
    #expect(try ArmLaw.all(few, arms: [plain.name]).laws.isEmpty)
  }
}
