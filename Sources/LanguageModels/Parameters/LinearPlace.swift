/// Where a linear map's weight [outputs, inputs] and bias [outputs] lie; several maps of one input
/// may be stacked into one.
struct LinearPlace {
  let weight: TensorPlace
  let bias: TensorPlace?
  let outputs: Int
  let inputs: Int
}

extension ParameterTable {
  /// Every parameter of `configuration`.
  public init(_ configuration: ModelConfiguration) {
    self.init()
    _ = configuration.architecture.makeLayers(&self)
  }

  /// Appends maps of one input so that their weights, and their biases, are each one matrix.
  mutating func appendLinear(
    _ prefix: String, _ maps: [(name: String, outputs: Int)], inputs: Int, bias: Bool
  ) -> LinearPlace {
    align()
    var weight: TensorPlace?
    for map in maps {
      let place = append(prefix + map.name + ".weight", [map.outputs, inputs])
      weight = weight?.joined(place) ?? place
    }
    var biasPlace: TensorPlace?
    if bias {
      align()
      for map in maps {
        let place = append(prefix + map.name + ".bias", [map.outputs])
        biasPlace = biasPlace?.joined(place) ?? place
      }
    }
    return LinearPlace(
      weight: weight ?? TensorPlace(offset: floatCount, count: 0), bias: biasPlace,
      outputs: maps.reduce(0) { $0 + $1.outputs }, inputs: inputs)
  }

  /// Appends lm_head.weight [V, d], or ties it to the embedding.
  mutating func appendHead(
    tiedTo embedding: String, at place: TensorPlace, _ tied: Bool, vocabularySize: Int,
    hiddenSize: Int
  ) -> TensorPlace {
    if tied {
      tie("lm_head.weight", to: embedding)
      return place
    }
    align()
    return append("lm_head.weight", [vocabularySize, hiddenSize])
  }
}
