import TensorKit

/// What a model's matrix products read its weights from.
enum ModelMatrices {
  /// The f32 parameters themselves.
  case full
  /// bf16 copies of the f32 parameters, made anew for every pass: mixed precision.
  case mixed(Bfloat16Copies)
  /// Rounded once, without f32 copies: the f32 parameters hold vectors only.
  case rounded(RoundedWeights)
}

/// The linear maps of a model whose weights reduced precision rounds.
struct RoundedMaps {
  /// Without the head.
  let body: [LinearPlace]
  let head: LinearPlace
  let embedding: TensorPlace
  /// The maps that read what a norm gives, each of them the only reader of its norm.
  let normed: [NormedMap]

  var isTied: Bool { head.weight == embedding }

  /// `normed` of the layers; the head reads `finalNorm`.
  init(
    body: [LinearPlace], normed: [NormedMap], finalNorm: TensorPlace, head: TensorPlace,
    embedding: TensorPlace, _ shape: some ModelShape
  ) {
    self.body = body
    self.head = LinearPlace(
      weight: head, bias: nil, outputs: shape.vocabularySize, inputs: shape.hiddenSize)
    self.embedding = embedding
    self.normed = normed + [NormedMap(norm: finalNorm, map: self.head)]
  }

  /// Bytes that the weights of a model take whose parameters are `table` and whose maps these are.
  func weightBytes(
    _ table: ParameterTable, _ precision: Precision, _ purpose: WorkspacePurpose,
    _ capability: ProductCapability
  ) -> Int {
    if precision == .f32 { return table.roleBytes }
    if purpose.trains { return table.roleBytes + Bfloat16Copies.byteCount(self) }
    let places = RoundedPlaces(self)
    let vectors = table.entries.filter { $0.tiedTo == nil && !places.contain($0) }
    return vectors.reduce(0) { $0 + 4 * $1.count }
      + RoundedLayout(self, precision: precision, capability: capability).byteCount
  }
}

/// A norm's weight [d], and the map that reads what it gives.
struct NormedMap {
  let norm: TensorPlace
  let map: LinearPlace
}

/// Where the embedding and the rounded maps of a model lie, for quick answers: a model may have
/// thousands of layers.
struct RoundedPlaces {
  /// By their beginnings.
  private let sorted: [TensorPlace]

  init(_ maps: RoundedMaps) {
    sorted = ([maps.embedding, maps.head.weight] + maps.body.map(\.weight))
      .sorted { $0.offset < $1.offset }
  }

  /// Whether `entry` is part of one of them.
  func contain(_ entry: ParameterTable.Entry) -> Bool {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].offset <= entry.offset { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return false }
    let place = sorted[low - 1]
    return entry.offset + entry.count <= place.offset + place.count
  }
}
