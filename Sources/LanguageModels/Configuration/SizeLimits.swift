/// What a size in config.json may be: wide enough for every real model, narrow enough that no
/// product of them overflows an Int.
enum SizeLimits {
  static let vocabulary = 1...(1 << 24)
  static let hidden = 1...(1 << 17)
  static let intermediate = 1...(1 << 19)
  static let layers = 1...4096
  static let heads = 1...4096
  static let headDimension = 2...1024
  /// What the scan kernel takes.
  static let states = 1...256
  /// What the convolution kernel takes.
  static let convolutionTaps = 1...16
}
