import Foundation
import Numerics
import ScalingLaws
import Testing

@Suite struct ComputeFitTests {
  static func points(
    _ law: ComputeLaw, _ computes: [Double], noise: Double = 0, seed: UInt64 = 1
  ) -> [LossPoint] {
    var source = RandomSource(seed: seed)
    return computes.map {
      LossPoint(compute: $0, loss: law.loss(at: $0) * exp(noise * source.normal()))
    }
  }

  static func computes(_ from: Double, _ to: Double, _ count: Int) -> [Double] {
    (0..<count).map { from * pow(to / from, Double($0) / Double(count - 1)) }
  }

  @Test(arguments: [1e3, 1e12, 1e22, 1e40]) func aLawComesBackFromItsOwnLosses(at start: Double)
    throws
  {
    // 0.7 above the floor at the first point, whatever its computation.
    let law = ComputeLaw(
      logFactor: log(0.7) + 0.3 * log(start), exponent: 0.3, floor: 2.4)
    let fit = try ComputeFit(Self.points(law, Self.computes(start, 1000 * start, 9)))
    #expect((fit.law.exponent - 0.3).magnitude < 1e-6)
    #expect((fit.law.floor - 2.4).magnitude < 1e-6)
    #expect((fit.law.logFactor - law.logFactor).magnitude < 1e-4)
    #expect(fit.objective < 1e-16)
    #expect(fit.explained > 0.9999)
  }

  @Test func theSameLawWhateverTheUnitOfComputation() throws {
    let law = ComputeLaw(factor: 2.19e7, exponent: 0.41, floor: 3.30)
    let points = Self.points(law, Self.computes(1e18, 1e21, 10), noise: 2e-3)
    let first = try ComputeFit(points)
    let scaled = try ComputeFit(
      points.map { LossPoint(compute: $0.compute * 1e-15, loss: $0.loss) })
    #expect((first.law.exponent - scaled.law.exponent).magnitude < 1e-7)
    #expect((first.law.floor - scaled.law.floor).magnitude < 1e-7)
    #expect((first.objective / scaled.objective - 1).magnitude < 1e-9)
  }

  @Test func oneWildPointChangesLittle() throws {
    let law = ComputeLaw(factor: 1.5e6, exponent: 0.34, floor: 2.2)
    var points = Self.points(law, Self.computes(1e17, 1e20, 15))
    points[6].loss *= 3
    let fit = try ComputeFit(points)
    #expect((fit.law.exponent - 0.34).magnitude < 0.01)
    #expect((fit.law.floor - 2.2).magnitude < 0.01)
  }

  @Test func aPowerWithoutAFloorHasNone() throws {
    let law = ComputeLaw(factor: 80, exponent: 0.08, floor: 0)
    let fit = try ComputeFit(Self.points(law, Self.computes(1e15, 1e18, 8)))
    #expect(fit.law.floor < 1e-3)
    #expect((fit.law.exponent - 0.08).magnitude < 1e-4)
  }

  @Test func tooFewPoints() {
    let points = Self.points(
      ComputeLaw(factor: 80, exponent: 0.1, floor: 2), [1e15, 1e16, 1e17])
    #expect(throws: ScalingLawError.tooFewPoints(needed: 4, found: 3)) { try ComputeFit(points) }
    #expect(
      ScalingLawError.tooFewPoints(needed: 4, found: 3).message
        == "Points of a law: 4 needed, 3 found.")
    #expect(throws: ScalingLawError.tooFewPoints(needed: 4, found: 0)) { try ComputeFit([]) }
  }

  @Test func equalComputations() {
    let points = [3.0, 3.1, 3.2, 2.9].map { LossPoint(compute: 1e15, loss: $0) }
    #expect(throws: ScalingLawError.tooFewValues(of: "computation", needed: 3, found: 1)) {
      try ComputeFit(points)
    }
  }

  @Test func whatIsNoLossIsRefused() {
    for loss in [0, -1, Double.nan, .infinity] {
      let points = [1e15, 1e16, 1e17, 1e18].map { LossPoint(compute: $0, loss: loss) }
      #expect(throws: ScalingLawError.self) { try ComputeFit(points) }
    }
    let points = [0, 1e16, 1e17, 1e18].map { LossPoint(compute: $0, loss: 3) }
    #expect(throws: ScalingLawError.notPositive(point: 0, quantity: "computation", found: "0.0")) {
      try ComputeFit(points)
    }
  }

  @Test func lossesThatRiseHaveNoLaw() {
    let rising = [2.0, 2.2, 2.5, 2.9, 3.4].enumerated().map {
      LossPoint(compute: pow(10, Double(15 + $0.offset)), loss: $0.element)
    }
    #expect(throws: ScalingLawError.self) { try ComputeFit(rising) }
    let constant = (0..<6).map { LossPoint(compute: pow(10, Double(15 + $0)), loss: 3) }
    #expect(throws: ScalingLawError.self) { try ComputeFit(constant) }
  }

  @Test func computationsTurnAround() {
    let law = ComputeLaw(factor: 2.19e7, exponent: 0.41, floor: 3.30)
    let compute = law.compute(toReach: 3.35)
    #expect(compute.map { (law.loss(at: $0) - 3.35).magnitude < 1e-12 } ?? false)
    #expect(law.compute(toReach: 3.30) == nil)
    #expect(law.compute(toReach: 3.2) == nil)
    #expect(law.compute(toReach: 3.30 + 1e-300) == nil)
  }

  /// The paper's constants give the paper's losses, but for one that was rounded otherwise.
  @Test func publishedConstantsGiveThePublishedLosses() {
    var off: [String] = []
    for row in PublishedLaw.all {
      for (name, compute, loss) in [
        ("1T", row.computeAt1T, row.lossAt1T), ("10T", row.computeAt10T, row.lossAt10T),
      ] where (row.law.loss(at: compute) - loss).magnitude >= 0.01 {
        off.append("\(row.size) \(row.method) \(name)")
      }
    }
    #expect(PublishedLaw.all.count == 9)
    #expect(off == ["500M MiniPLM 1T"])
  }
}
