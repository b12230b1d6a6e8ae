public import Evaluation

/// What one model made of one item: a line of the file of items. In JSON the model stands beside the
/// fields of the record.
public struct TaskItemLine: Sendable, Codable, Equatable {
  /// Name of the model.
  public var model: String
  public var record: ItemRecord

  public init(model: String, record: ItemRecord) {
    self.model = model
    self.record = record
  }

  private enum CodingKeys: String, CodingKey { case model }

  public init(from decoder: any Decoder) throws {
    model = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .model)
    record = try ItemRecord(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    try record.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(model, forKey: .model)
  }
}
