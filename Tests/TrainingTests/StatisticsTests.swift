import Testing
import Training

@Suite struct RunningStatisticsTests {
  @Test func theFirstMeanIsTheFirstValue() {
    var mean = DebiasedMean(decay: 0.9)
    #expect(mean.value == nil)
    let first = mean.update(5)
    #expect(abs(first - 5) < 1e-12)
    // (0.9 * 0.1 * 5 + 0.1 * 3) / (1 - 0.9^2) = 0.75 / 0.19
    let second = mean.update(3)
    #expect(abs(second - 0.75 / 0.19) < 1e-12)
  }

  @Test func aSpikeStandsOutOfTheWindow() throws {
    var window = ZScoreWindow(capacity: 128)
    for index in 0..<31 {
      let score = window.score(Double(index % 2))
      #expect(score == nil)
    }
    _ = window.score(1)
    // 32 values, half 0 and half 1: mean 0.5, deviation 0.5.
    let spike = window.score(3.5)
    #expect(abs(try #require(spike) - 6) < 1e-12)
  }

  @Test func oldValuesLeaveTheWindow() throws {
    var window = ZScoreWindow(capacity: 32)
    for _ in 0..<32 { _ = window.score(1000) }
    for index in 0..<32 { _ = window.score(Double(index % 2)) }
    let score = window.score(1)
    #expect(abs(try #require(score) - 1) < 1e-12)
  }

  @Test func equalValuesHaveNoDeviation() {
    var window = ZScoreWindow(capacity: 32)
    for _ in 0..<32 { _ = window.score(2) }
    let same = window.score(2)
    let other = window.score(3)
    #expect(same == 0)
    #expect(other == nil)
  }
}
