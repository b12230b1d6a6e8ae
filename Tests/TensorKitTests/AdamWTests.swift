import TensorKit
import Testing

@Suite struct AdamWTests {
  private let memory = TestMemory()

  @Test(arguments: [1, 5, 16, 31, 70_001]) func followsTheFormula(count: Int) throws {
    let initial = randomFloats(count, seed: 90)
    for ops in try everyOps() {
      let w = memory.vector(initial)
      let m = memory.vector(count: count)
      let v = memory.vector(count: count)
      var expectedW = doubles(initial)
      var expectedM = [Double](repeating: 0, count: count)
      var expectedV = expectedM
      for number in 1...5 {
        let g = randomFloats(count, seed: 91 + UInt64(number))
        let step = AdamWStep(
          learningRate: 2e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1,
          gradientScale: 0.5, step: number)
        ops.adamW(
          weights: w, gradients: g, firstMoment: m, secondMoment: v, count: count, step: step)
        let (beta1, beta2) = (Double(step.beta1), Double(step.beta2))
        var (power1, power2) = (1.0, 1.0)
        for _ in 0..<number { (power1, power2) = (power1 * beta1, power2 * beta2) }
        for i in 0..<count {
          let gradient = Double(g[i]) * 0.5
          expectedM[i] = beta1 * expectedM[i] + (1 - beta1) * gradient
          expectedV[i] = beta2 * expectedV[i] + (1 - beta2) * gradient * gradient
          expectedW[i] -= Double(step.learningRate) * Double(step.weightDecay) * expectedW[i]
          let root = (expectedV[i] / (1 - power2)).squareRoot() + Double(step.epsilon)
          expectedW[i] -= Double(step.learningRate) * expectedM[i] / (1 - power1) / root
        }
      }
      expectClose(w.values(count), expectedW, tolerance: 1e-6, "weights \(ops.kernels.name)")
      expectClose(m.values(count), expectedM, tolerance: 1e-6, "first \(ops.kernels.name)")
      expectClose(v.values(count), expectedV, tolerance: 1e-6, "second \(ops.kernels.name)")
    }
  }
}
