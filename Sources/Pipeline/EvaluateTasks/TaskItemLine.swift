public import Evaluation

/// What one model made of one item: a line of the file of items.
public typealias TaskItemLine = OfModel<ItemRecord>

extension OfModel<ItemRecord> {
  public var record: ItemRecord { value }
}
