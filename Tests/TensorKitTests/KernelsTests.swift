import TensorKit
import Testing

@Suite struct KernelsTests {
  @Test func everySupportedSetHasItsTable() throws {
    #expect(InstructionSet.supported.first == .baseline)
    for set in InstructionSet.allCases {
      let kernels = Kernels(set)
      #expect((kernels != nil) == set.isSupported)
      if let kernels { #expect(kernels.name == set.rawValue) }
    }
    #expect(Kernels.best.instructionSet == InstructionSet.supported.last)
  }

  @Test func theMachineIsDescribed() {
    #expect(MatrixProduct.library.hasPrefix("oneDNN "))
    let processors = ProcessorTopology.allowedProcessors()
    #expect((1...processors.count).contains(ProcessorTopology.physicalCores()))
    #expect(SystemMemory.available() > 1 << 20)
  }

  /// The kernels of different sets sum in different orders: close, not equal.
  @Test func setsAgree() throws {
    let problem = ScanProblem(lengths: [100], channels: 40, states: 16)
    let results = try everyOps().map { try problem.run($0) }
    for result in results.dropFirst() {
      expectClose(result.output, doubles(results[0].output), tolerance: 2e-5, "output")
      expectClose(result.a, doubles(results[0].a), tolerance: 5e-5, "dA")
    }
  }
}
