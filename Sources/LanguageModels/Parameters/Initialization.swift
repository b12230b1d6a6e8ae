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

/// How one value of a tensor is drawn, given its index.
struct InitialValue {
  let draw: (_ stream: inout RandomSource, _ index: Int) -> Double

  init(_ draw: @escaping (_ stream: inout RandomSource, _ index: Int) -> Double) {
    self.draw = draw
  }

  static func normal(_ deviation: Double) -> InitialValue {
    InitialValue { stream, _ in stream.normal() * deviation }
  }

  static func uniform(_ bound: Double) -> InitialValue {
    InitialValue { stream, _ in (stream.uniform() * 2 - 1) * bound }
  }

  static func constant(_ value: Double) -> InitialValue { InitialValue { _, _ in value } }
}

/// Initial values, tensor by tensor.
struct Initializer: TensorSource {
  let source: RandomSource
  let configuration: ModelConfiguration
  let style: MambaInitialization

  func reader(of entry: ParameterTable.Entry) -> TensorReader {
    let draw = configuration.architecture.initialValue(of: entry, style: style).draw
    var stream = source.split(entry.name)
    var first = 0
    return { count, target in
      var local = stream
      for index in 0..<count { target[index] = Float(draw(&local, first + index)) }
      stream = local
      first += count
    }
  }
}
