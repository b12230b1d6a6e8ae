import Foundation
public import TensorKit

/// The processor and the libraries that a figure belongs to.
public struct MachineDescription: Codable, Sendable, Equatable {
  /// As /proc/cpuinfo names it.
  public var processor: String
  /// Our kernels: "avx512", "avx2" or "baseline".
  public var kernels: String
  /// Each library that computes products, with the processor whose kernels it chose.
  public var libraries: [String]

  /// This machine as `compute` uses it.
  public init(compute: Ops) {
    processor = Self.processorName()
    kernels = compute.kernels.name
    libraries = [MatrixProduct.library]
  }

  private static func processorName() -> String {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
      let name = line.split(separator: ":", maxSplits: 1).last
    else { return "unknown" }
    return name.trimmingCharacters(in: .whitespaces)
  }
}
