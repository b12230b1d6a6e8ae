import Testing
import Training

@Suite("Loss curves")
struct CurveTests {
  @Test("Two curves by hand")
  func byHand() throws {
    let a: [Int: Double] = [1: 4, 2: 3, 3: 2, 4: 1, 5: 9]
    let b: [Int: Double] = [1: 5, 2: 3, 3: 1, 4: 2, 6: 9]
    // Steps 1 to 4. Means of three (two at the ends): A 3.5 3 2 1.5, B 4 3 2 1.5.
    let curve = try CurveComparison(a, b, window: 3)
    #expect(curve.steps == 4)
    #expect(curve.meanAbsoluteDifference == 0.125)
    #expect(curve.maximumAbsoluteDifference == 0.5)
    #expect(curve.meanDifference == 0.25)
    #expect(curve.finalA == 2)
    #expect(curve.finalB == 2)
    let plain = try CurveComparison(a, b, window: 1)
    #expect(plain.meanAbsoluteDifference == 0.75)
    #expect(plain.finalB == 2)
  }

  @Test("Nothing in common is said, not divided by")
  func nothing() {
    #expect(throws: TrainingError.self) { try CurveComparison([1: 2], [2: 2], window: 3) }
    #expect(throws: TrainingError.self) { try CurveComparison([1: 2], [1: 2], window: 0) }
  }
}
