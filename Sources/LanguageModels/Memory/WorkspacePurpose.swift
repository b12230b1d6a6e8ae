/// What a workspace, or a model in reduced precision, is for.
public enum WorkspacePurpose: Sendable, Equatable {
  /// Log-probabilities only: the buffers of one layer, used by all.
  case scoring
  /// Gradients: what backward needs of every layer is kept.
  case training
  /// Gradients with block checkpointing: only each layer's input is kept, and backward runs each
  /// layer forward again. A third more products in the layers, none in the head.
  case checkpointedTraining

  /// Whether gradients can be computed.
  public var trains: Bool { self != .scoring }
}
