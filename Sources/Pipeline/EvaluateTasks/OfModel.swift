/// Something that one model came to. In JSON the model's name stands beside the fields of the value.
public struct OfModel<Value: Sendable & Codable & Equatable>: Sendable, Codable, Equatable {
  /// Name of the model.
  public var model: String
  public var value: Value

  public init(model: String, _ value: Value) {
    self.model = model
    self.value = value
  }

  private enum CodingKeys: String, CodingKey { case model }

  public init(from decoder: any Decoder) throws {
    model = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .model)
    value = try Value(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    try value.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(model, forKey: .model)
  }
}
