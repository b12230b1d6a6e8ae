import Foundation
import Numerics
import ScalingLaws
import Testing

@Suite struct IntervalTests {
  let law = ComputeLaw(factor: 1.5e6, exponent: 0.34, floor: 2.2)

  func bootstrap(
    _ points: [LossPoint], _ resampling: Resampling, name: String = ""
  ) throws -> LawBootstrap<ComputeLaw> {
    try LawBootstrap(ComputeFit(points), points, resampling: resampling, name: name)
  }

  @Test func quantilesAreThoseOfNumpy() throws {
    // numpy.quantile(range(1, 12), [0.025, 0.975]) = 1.25, 10.75
    let interval = try #require(LawInterval((1...11).map(Double.init).shuffled()))
    #expect(interval.low == 1.25)
    #expect(interval.high == 10.75)
    let open = try #require(LawInterval([1, 2, .infinity]))
    #expect(open.high == nil)
    #expect(LawInterval([1]) == nil)
  }

  @Test(arguments: Resampling.Unit.allCases) func theSameSeedGivesTheSameLaws(
    unit: Resampling.Unit
  ) throws {
    var points = ComputeFitTests.points(
      law, ComputeFitTests.computes(1e17, 1e20, 12), noise: 3e-3)
    for place in points.indices { points[place].run = "\(place % 4)" }
    let resampling = Resampling(count: 8, seed: 3, unit: unit)
    let first = try bootstrap(points, resampling)
    #expect(try bootstrap(points, resampling) == first)
    #expect(try bootstrap(points, .init(count: 8, seed: 4, unit: unit)) != first)
    #expect(try bootstrap(points, resampling, name: "other") != first)
    #expect(first.unit == unit)
    #expect(first.laws.count + first.failures == 8)
  }

  @Test func intervalsHoldTheTruthAndNarrowWithLessNoise() throws {
    let computes = ComputeFitTests.computes(1e17, 1e20, 16)
    func width(_ noise: Double) throws -> Double {
      let points = ComputeFitTests.points(law, computes, noise: noise, seed: 9)
      let found = try bootstrap(points, .init(count: 40))
      let interval = try #require(found.interval { $0.floor })
      let (low, high) = (try #require(interval.low), try #require(interval.high))
      #expect(low < 2.2 && 2.2 < high)
      return high - low
    }
    #expect(try width(1e-4) < width(2e-3) / 4)
  }

  @Test func runsAreDrawnAsWholesWhereThereAreThree() throws {
    var points = ComputeFitTests.points(
      law, ComputeFitTests.computes(1e17, 1e20, 6), noise: 3e-3)
    #expect(try bootstrap(points, .init(count: 2)).unit == .points)
    for place in points.indices { points[place].run = "\(place % 3)" }
    #expect(try bootstrap(points, .init(count: 2)).unit == .runs)
  }

  @Test func aLawThatNeedsHalfIsTwiceAsFast() throws {
    let twice = ComputeLaw(
      logFactor: law.logFactor - law.exponent * log(2), exponent: law.exponent, floor: law.floor)
    let speed = SpeedUp(of: twice, over: law, at: 1e19)
    #expect((try #require(speed.factor) - 2).magnitude < 1e-9)
    #expect((try #require(speed.saved) - 0.5).magnitude < 1e-9)
    #expect((try #require(speed.reachedWith) / 5e18 - 1).magnitude < 1e-9)
    let scored = SpeedUp(of: twice, over: law, at: 1e19, offline: 5e18)
    #expect((try #require(scored.factor) - 1).magnitude < 1e-9)
    let higher = ComputeLaw(logFactor: law.logFactor, exponent: law.exponent, floor: 3)
    #expect(SpeedUp(of: higher, over: law, at: 1e19).factor == nil)
  }

  @Test func aSpeedUpHasAnInterval() throws {
    let twice = ComputeLaw(
      logFactor: law.logFactor - law.exponent * log(2), exponent: law.exponent, floor: law.floor)
    let computes = ComputeFitTests.computes(1e17, 1e20, 16)
    let a = ComputeFitTests.points(law, computes, noise: 1e-3, seed: 1)
    let b = ComputeFitTests.points(twice, computes, noise: 1e-3, seed: 2)
    let (first, second) = (try ComputeFit(a), try ComputeFit(b))
    let speed = SpeedUp(
      of: second.law, over: first.law, at: 1e19,
      resampled: (
        law: try bootstrap(b, .init(count: 40), name: "b"),
        baseline: try bootstrap(a, .init(count: 40), name: "a")
      ))
    let interval = try #require(speed.interval)
    #expect(try #require(interval.low) > 1.2 && #require(interval.low) < 2)
    #expect(try #require(interval.high) > 2 && #require(interval.high) < 3.5)
  }
}
