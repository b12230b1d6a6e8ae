import Glibc
import Numerics

/// The two customs by which Mamba models are started; they share A_log, D and dt_proj.
public enum MambaInitialization: String, Sendable, Codable, CaseIterable {
  /// transformers: in_proj, x_proj and embeddings N(0, initializer_range), convolution and out_proj
  /// uniform by fan-in, out_proj scaled by 1/sqrt(layers) only if the configuration says so.
  case huggingFace
  /// mamba_ssm: every linear map uniform by fan-in, embeddings N(0, 0.02), out_proj always scaled.
  case mambaSSM
}

extension MambaInitialization {
  /// How the values of a tensor start.
  func value(of entry: ParameterTable.Entry, _ c: MambaShape) -> InitialValue {
    let name = entry.name
    let fanIn = Double(entry.shape.dropFirst().reduce(1, *))
    let isRescaled = self == .mambaSSM || c.rescalesPrenormResidual
    switch name.split(separator: ".").suffix(2).joined(separator: ".") {
    case "in_proj.weight", "x_proj.weight", "lm_head.weight":
      return self == .huggingFace
        ? .normal(c.initializerRange) : .uniform(1 / fanIn.squareRoot())
    case "out_proj.weight":
      let depth = isRescaled ? Double(c.layerCount).squareRoot() : 1
      return .uniform(1 / fanIn.squareRoot() / depth)
    case "conv1d.weight":
      return .uniform(1 / Double(c.convolutionTaps).squareRoot())
    case "conv1d.bias" where self == .mambaSSM:
      return .uniform(1 / Double(c.convolutionTaps).squareRoot())
    case "dt_proj.weight":
      let bound = c.timeStepScale / Double(c.timeStepRank).squareRoot()
      return c.timeStepScheme == .constant ? .constant(bound) : .uniform(bound)
    case "dt_proj.bias":
      return Self.timeStepBias(c)
    case "mixer.A_log":
      return InitialValue { _, index in Double(logf(Float(index % c.stateSize + 1))) }
    case "mixer.D":
      return .constant(1)
    case "embeddings.weight":
      return .normal(self == .huggingFace ? c.initializerRange : 0.02)
    default:
      return .constant(name.hasSuffix("bias") ? 0 : 1)
    }
  }

  /// Inverse of softplus of a time step that is log-uniform in [minimum, maximum].
  private static func timeStepBias(_ c: MambaShape) -> InitialValue {
    let low = log(c.timeStepMinimum)
    let high = log(c.timeStepMaximum)
    return InitialValue { stream, _ in
      let step = max(exp(stream.uniform() * (high - low) + low), c.timeStepFloor)
      return step + log(-expm1(-step))
    }
  }
}
