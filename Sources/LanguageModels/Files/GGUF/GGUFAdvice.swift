/// What somebody does about the tensors of a GGUF file.
enum GGUFAdvice {
  static func words(for problems: [TensorProblem]) -> String {
    let isOfTypes = problems.contains { problem in
      if case .elementType = problem { true } else { false }
    }
    return isOfTypes
      ? "Take a file of the model in one of these types, or quantize the model to one (llama-quantize)."
      : "Use another GGUF file of the model, or the folder with its safetensors weights."
  }
}
