import Testing
import Training

@Suite struct LearningRateScheduleTests {
  /// Rates computed by hand from the formula: peak 2e-3, minimum 1e-5, W = 4, T = 12.
  @Test func cosineWithWarmup() {
    let schedule = LearningRateSchedule.cosine(
      peak: 2e-3, minimum: 1e-5, warmupSteps: 4, totalSteps: 12)
    let expected: [Int: Double] = [
      0: 0, 1: 5e-4, 2: 1e-3, 3: 1.5e-3,
      4: 2e-3,  // cos 0
      6: 1e-5 + 0.5 * 1.99e-3 * (1 + 0.7071067811865476),  // cos(pi / 4)
      8: 1.005e-3,  // cos(pi / 2)
      10: 1e-5 + 0.5 * 1.99e-3 * (1 - 0.7071067811865476),
      12: 1e-5, 13: 1e-5,
    ]
    for (updates, rate) in expected {
      #expect(abs(schedule.rate(afterUpdates: updates) - rate) < 1e-12, "after \(updates)")
    }
  }

  @Test func withoutWarmupTheFirstRateIsThePeak() {
    let schedule = LearningRateSchedule.cosine(
      peak: 6e-4, minimum: 6e-5, warmupSteps: 0, totalSteps: 100)
    #expect(schedule.rate(afterUpdates: 0) == 6e-4)
    #expect(abs(schedule.rate(afterUpdates: 50) - 3.3e-4) < 1e-12)
  }

  @Test func warmupOfTheWholeRunNeverDividesByZero() {
    let schedule = LearningRateSchedule.cosine(
      peak: 1, minimum: 0.5, warmupSteps: 10, totalSteps: 10)
    #expect(schedule.rate(afterUpdates: 9) == 0.9)
    #expect(schedule.rate(afterUpdates: 10) == 0.5)
  }

  @Test func constant() {
    #expect(LearningRateSchedule.constant(0.25).rate(afterUpdates: 0) == 0.25)
    #expect(LearningRateSchedule.constant(0.25).rate(afterUpdates: 1_000_000) == 0.25)
  }
}
