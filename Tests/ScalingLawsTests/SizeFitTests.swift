import Foundation
import ScalingLaws
import Testing

@Suite struct SizeFitTests {
  /// Hoffmann et al. 2022, approach 3.
  let law = SizeLaw(
    logSizeFactor: log(406.4), sizeExponent: 0.34, logDataFactor: log(410.7), dataExponent: 0.28,
    floor: 1.69)

  func points() -> [LossPoint] {
    [4e6, 2e7, 1e8, 5e8].flatMap { parameters in
      [2e8, 1e9, 5e9, 2.5e10].map { tokens in
        LossPoint(
          compute: 6 * parameters * tokens, loss: law.loss(parameters: parameters, tokens: tokens),
          parameters: parameters, tokens: tokens)
      }
    }
  }

  @Test func aLawComesBackFromItsOwnLosses() throws {
    let fit = try SizeFit(points())
    #expect((fit.law.sizeExponent - 0.34).magnitude < 1e-5)
    #expect((fit.law.dataExponent - 0.28).magnitude < 1e-5)
    #expect((fit.law.floor - 1.69).magnitude < 1e-5)
    #expect((fit.law.sizeFactor / 406.4 - 1).magnitude < 1e-3)
  }

  @Test func theBestSizeIsBest() {
    let compute = 1e21
    let best = law.bestParameters(compute: compute)
    func loss(_ parameters: Double) -> Double {
      law.loss(parameters: parameters, tokens: compute / 6 / parameters)
    }
    #expect(loss(best) < loss(best * 1.01))
    #expect(loss(best) < loss(best / 1.01))
  }

  @Test func sizesAndDataAreNeeded() {
    var lacking = points()
    lacking[3].tokens = nil
    #expect(throws: ScalingLawError.lacking(point: 3, quantity: "tokens")) {
      try SizeFit(lacking)
    }
    let one = points().filter { $0.parameters == 4e6 } + points().filter { $0.parameters == 2e7 }
    #expect(throws: ScalingLawError.tooFewValues(of: "parameters", needed: 3, found: 2)) {
      try SizeFit(one)
    }
    #expect(throws: ScalingLawError.tooFewPoints(needed: 6, found: 5)) {
      try SizeFit(Array(points().prefix(5)))
    }
  }
}
