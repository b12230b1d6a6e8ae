import Foundation
import ScalingLaws
import Testing

/// Beside scipy's minimum of the same objective: scripts/make_fit_fixtures.py.
@Suite struct ParityTests {
  struct ComputeCase: Decodable, CustomTestStringConvertible {
    var name: String
    var points: [[Double]]
    var logA: Double
    var alpha: Double
    var L_inf: Double
    var objective: Double
    var leastSquares: Double
    var testDescription: String { name }
  }

  struct SizeCase: Decodable, CustomTestStringConvertible {
    var name: String
    var points: [[Double]]
    var alpha: Double
    var beta: Double
    var E: Double
    var objective: Double
    var leastSquares: Double
    var testDescription: String { name }
  }

  struct Cases: Decodable {
    var delta: Double
    var compute: [ComputeCase]
    var sizes: [SizeCase]
  }

  static func cases() -> Cases? {
    guard
      let url = Bundle.module.url(
        forResource: "fits", withExtension: "json", subdirectory: "Fixtures"),
      let data = try? Data(contentsOf: url)
    else { return nil }
    return try? JSONDecoder().decode(Cases.self, from: data)
  }

  @Test func theFixtureIsThere() throws {
    let cases = try #require(Self.cases())
    #expect(cases.compute.count == 12)
    #expect(cases.sizes.count == 2)
    #expect(cases.delta == ComputeFit.usualDelta)
  }

  /// Never above scipy's, and below it only where scipy stopped short of the minimum.
  static func expect(_ ours: Double, notAbove scipy: Double, _ name: String) {
    #expect(ours <= scipy * (1 + 1e-6) + 1e-18, "\(name): \(ours) above \(scipy)")
  }

  @Test(arguments: cases()?.compute ?? []) func computeLaw(_ known: ComputeCase) throws {
    let points = known.points.map { LossPoint(compute: $0[0], loss: $0[1]) }
    let fit = try ComputeFit(points)
    Self.expect(fit.objective, notAbove: min(known.objective, known.leastSquares), known.name)
    // The minimum is flat along alpha and L_inf together; the losses that it predicts are not.
    if fit.objective > known.objective * (1 - 1e-6) {
      let range = points.map(\.compute)
      for compute in [range.min() ?? 1, range.max() ?? 1] {
        let scipy = exp(known.logA - known.alpha * log(compute)) + known.L_inf
        #expect((fit.law.loss(at: compute) / scipy - 1).magnitude < 1e-5)
      }
      #expect((fit.law.exponent - known.alpha).magnitude < 1e-3 * (1 + known.alpha))
      #expect((fit.law.floor - known.L_inf).magnitude < 1e-3 * (0.1 + known.L_inf))
    }
  }
}

extension ParityTests {
  @Test(arguments: cases()?.sizes ?? []) func sizeLaw(_ known: SizeCase) throws {
    let fit = try SizeFit(
      known.points.map {
        LossPoint(compute: 6 * $0[0] * $0[1], loss: $0[2], parameters: $0[0], tokens: $0[1])
      })
    Self.expect(fit.objective, notAbove: min(known.objective, known.leastSquares), known.name)
    if fit.objective > known.objective * (1 - 1e-6) {
      #expect((fit.law.sizeExponent - known.alpha).magnitude < 1e-3)
      #expect((fit.law.dataExponent - known.beta).magnitude < 1e-3)
      #expect((fit.law.floor - known.E).magnitude < 1e-3)
    }
  }
}
