/// How a family's models lie in files of llama.cpp, whose converter this follows.
struct GGUFConventions {
  /// Names and settings are those of state-space models.
  var isStateSpace = false
  /// The rows of q and k are in the order of a rotation of neighbours.
  var interleavesHeads = false
  /// rope_freqs.weight, where there is one, divides the frequencies of the rotation.
  var dividesFrequencies = false
  /// Whether such files are written, not only read.
  var isWritten = true
}

extension Architecture {
  static var gguf: GGUFConventions { GGUFConventions() }
}
