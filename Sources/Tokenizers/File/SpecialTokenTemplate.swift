/// Tokens put around a text when special tokens are asked for, such as Llama 3's begin of text.
struct SpecialTokenTemplate: Sendable, Equatable {
  var prefix: [Int32] = []
  var suffix: [Int32] = []
}
