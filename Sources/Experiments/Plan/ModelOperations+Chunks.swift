import LanguageModels

extension ModelOperations {
  /// Of a forward pass over all chunks.
  func forward(_ chunks: ChunkLengths) -> Double {
    chunks.counts.sorted { $0.key < $1.key }.reduce(0) { sum, entry in
      sum + Double(entry.value) * forward(length: entry.key)
    }
  }

  /// Of one training pass over all chunks.
  func training(_ chunks: ChunkLengths) -> Double { Self.trainingOverForward * forward(chunks) }
}
