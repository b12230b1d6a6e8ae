import Glibc
public import Numerics

/// Values that a model starts from.
///
/// Every tensor draws from a stream split by its name: the same seed gives the same model, whatever
/// the order, and two students with one seed start equal.
public enum ModelInitialization: Sendable {
  /// All zero, for a model that is about to be loaded.
  case zeros
  /// Random by `source`; `mamba` says which of Mamba's two customs.
  case seeded(RandomSource, mamba: MambaInitialization = .huggingFace)
  /// Whatever the source gives.
  case values(any TensorSource & Sendable)
}

/// The two customs by which Mamba models are started; they share A_log, D and dt_proj.
public enum MambaInitialization: String, Sendable, Codable, CaseIterable {
  /// transformers: in_proj, x_proj and embeddings N(0, initializer_range), convolution and out_proj
  /// uniform by fan-in, out_proj scaled by 1/sqrt(layers) only if the configuration says so.
  case huggingFace
  /// mamba_ssm: every linear map uniform by fan-in, embeddings N(0, 0.02), out_proj always scaled.
  case mambaSSM
}

/// Initial values, tensor by tensor.
struct Initializer: TensorSource {
  let source: RandomSource
  let configuration: ModelConfiguration
  let style: MambaInitialization

  /// How one value is drawn, given its index.
  private typealias Draw = (_ stream: inout RandomSource, _ index: Int) -> Double

  func reader(of entry: ParameterTable.Entry) -> TensorReader {
    let draw =
      switch configuration {
      case .decoder(let shape): Self.decoder(entry, shape)
      case .mamba(let shape): mamba(entry, shape)
      }
    var stream = source.split(entry.name)
    var first = 0
    return { count, target in
      var local = stream
      for index in 0..<count { target[index] = Float(draw(&local, first + index)) }
      stream = local
      first += count
    }
  }

  private static func normal(_ deviation: Double) -> Draw {
    { stream, _ in stream.normal() * deviation }
  }

  private static func uniform(_ bound: Double) -> Draw {
    { stream, _ in (stream.uniform() * 2 - 1) * bound }
  }

  private static func constant(_ value: Double) -> Draw { { _, _ in value } }

  /// Matrices N(0, initializer_range), biases 0, norms 1.
  private static func decoder(
    _ entry: ParameterTable.Entry, _ configuration: DecoderConfiguration
  ) -> Draw {
    if entry.name.hasSuffix("bias") { return constant(0) }
    return entry.shape.count == 1 ? constant(1) : normal(configuration.initializerRange)
  }

  private func mamba(_ entry: ParameterTable.Entry, _ c: MambaConfiguration) -> Draw {
    let name = entry.name
    let fanIn = Double(entry.shape.dropFirst().reduce(1, *))
    let isRescaled = style == .mambaSSM || c.rescalesPrenormResidual
    switch name.split(separator: ".").suffix(2).joined(separator: ".") {
    case "in_proj.weight", "x_proj.weight", "lm_head.weight":
      return style == .huggingFace
        ? Self.normal(c.initializerRange) : Self.uniform(1 / fanIn.squareRoot())
    case "out_proj.weight":
      let depth = isRescaled ? Double(c.layerCount).squareRoot() : 1
      return Self.uniform(1 / fanIn.squareRoot() / depth)
    case "conv1d.weight":
      return Self.uniform(1 / Double(c.convolutionTaps).squareRoot())
    case "conv1d.bias" where style == .mambaSSM:
      return Self.uniform(1 / Double(c.convolutionTaps).squareRoot())
    case "dt_proj.weight":
      let bound = c.timeStepScale / Double(c.timeStepRank).squareRoot()
      return c.timeStepScheme == .constant ? Self.constant(bound) : Self.uniform(bound)
    case "dt_proj.bias":
      return Self.timeStepBias(c)
    case "mixer.A_log":
      return { _, index in Double(logf(Float(index % c.stateSize + 1))) }
    case "mixer.D":
      return Self.constant(1)
    case "embeddings.weight":
      return Self.normal(style == .huggingFace ? c.initializerRange : 0.02)
    default:
      return Self.constant(name.hasSuffix("bias") ? 0 : 1)
    }
  }

  /// Inverse of softplus of a time step that is log-uniform in [minimum, maximum].
  private static func timeStepBias(_ c: MambaConfiguration) -> Draw {
    let low = log(c.timeStepMinimum)
    let high = log(c.timeStepMaximum)
    return { stream, _ in
      let step = max(exp(stream.uniform() * (high - low) + low), c.timeStepFloor)
      return step + log(-expm1(-step))
    }
  }
}
