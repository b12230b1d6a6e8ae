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
}

/// The two customs by which Mamba models are started; they share A_log, D and dt_proj.
public enum MambaInitialization: String, Sendable, Codable, CaseIterable {
  /// transformers: in_proj, x_proj and embeddings N(0, initializer_range), convolution and out_proj
  /// uniform by fan-in, out_proj scaled by 1/sqrt(layers) only if the configuration says so.
  case huggingFace
  /// mamba_ssm: every linear map uniform by fan-in, embeddings N(0, 0.02), out_proj always scaled.
  case mambaSSM
}

/// Fills weights tensor by tensor.
struct Initializer {
  let source: RandomSource
  let store: ParameterStore

  private func fill(
    _ name: String, _ value: (inout RandomSource) -> Double
  ) throws {
    guard let values = try store.values(of: name, .weights) else { return }
    var stream = source.split(name)
    for index in values.indices { values[index] = Float(value(&stream)) }
  }

  private func normal(_ name: String, deviation: Double) throws {
    try fill(name) { $0.normal() * deviation }
  }

  private func uniform(_ name: String, bound: Double) throws {
    try fill(name) { ($0.uniform() * 2 - 1) * bound }
  }

  /// Matrices N(0, initializer_range), biases 0, norms 1.
  func decoder(_ configuration: DecoderConfiguration) throws {
    for entry in store.table.entries where entry.tiedTo == nil {
      if entry.name.hasSuffix("bias") {
        try fill(entry.name) { _ in 0 }
      } else if entry.shape.count == 1 {
        try fill(entry.name) { _ in 1 }
      } else {
        try normal(entry.name, deviation: configuration.initializerRange)
      }
    }
  }

  func mamba(_ c: MambaConfiguration, style: MambaInitialization) throws {
    let embeddingDeviation = style == .huggingFace ? c.initializerRange : 0.02
    let depth = Double(c.layerCount).squareRoot()
    let rescaled = style == .mambaSSM || c.rescalesPrenormResidual
    for entry in store.table.entries where entry.tiedTo == nil {
      let name = entry.name
      let fanIn = Double(entry.shape.dropFirst().reduce(1, *))
      switch name.split(separator: ".").suffix(2).joined(separator: ".") {
      case "in_proj.weight", "x_proj.weight", "lm_head.weight":
        if style == .huggingFace {
          try normal(name, deviation: c.initializerRange)
        } else {
          try uniform(name, bound: 1 / fanIn.squareRoot())
        }
      case "out_proj.weight":
        try uniform(name, bound: 1 / fanIn.squareRoot() / (rescaled ? depth : 1))
      case "conv1d.weight":
        try uniform(name, bound: 1 / Double(c.convolutionTaps).squareRoot())
      case "conv1d.bias" where style == .mambaSSM:
        try uniform(name, bound: 1 / Double(c.convolutionTaps).squareRoot())
      case "dt_proj.weight":
        let bound = c.timeStepScale / Double(c.timeStepRank).squareRoot()
        if c.timeStepScheme == .constant {
          try fill(name) { _ in bound }
        } else {
          try uniform(name, bound: bound)
        }
      case "dt_proj.bias":
        // Inverse of softplus of a time step that is log-uniform in [minimum, maximum].
        let low = log(c.timeStepMinimum)
        let high = log(c.timeStepMaximum)
        try fill(name) { stream in
          let step = max(exp(stream.uniform() * (high - low) + low), c.timeStepFloor)
          return step + log(-expm1(-step))
        }
      case "mixer.A_log":
        guard let values = try store.values(of: name, .weights) else { continue }
        for index in values.indices { values[index] = logf(Float(index % c.stateSize + 1)) }
      case "mixer.D": try fill(name) { _ in 1 }
      case "embeddings.weight":
        try normal(name, deviation: embeddingDeviation)
      default:
        try fill(name) { _ in name.hasSuffix("bias") ? 0 : 1 }
      }
    }
  }
}
