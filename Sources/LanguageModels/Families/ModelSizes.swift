/// The sizes by which people choose a model. Nil leaves a size to the family's custom; one that the
/// family does not know is not looked at.
public struct ModelSizes: Sendable, Equatable {
  public var vocabularySize: Int
  public var hiddenSize: Int
  /// Width of the MLP.
  public var intermediateSize: Int?
  public var layerCount: Int
  public var headCount: Int?
  /// Heads of keys and values; as many as of queries unless given.
  public var keyValueHeadCount: Int?
  public var headDimension: Int?
  public var maximumPositions: Int?
  /// Base of the rotary frequencies.
  public var theta: Double?
  public var normEpsilon: Double?
  /// States per channel of a Mamba.
  public var stateSize: Int?
  /// Taps of a Mamba's convolution.
  public var convolutionTaps: Int?
  public var tiesWordEmbeddings: Bool
  public var specialTokens: SpecialTokenIDs

  public init(
    vocabularySize: Int, hiddenSize: Int, intermediateSize: Int? = nil, layerCount: Int,
    headCount: Int? = nil, keyValueHeadCount: Int? = nil, headDimension: Int? = nil,
    maximumPositions: Int? = nil, theta: Double? = nil, normEpsilon: Double? = nil,
    stateSize: Int? = nil, convolutionTaps: Int? = nil, tiesWordEmbeddings: Bool = true,
    specialTokens: SpecialTokenIDs = SpecialTokenIDs()
  ) {
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.layerCount = layerCount
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headDimension = headDimension
    self.maximumPositions = maximumPositions
    self.theta = theta
    self.normEpsilon = normEpsilon
    self.stateSize = stateSize
    self.convolutionTaps = convolutionTaps
    self.tiesWordEmbeddings = tiesWordEmbeddings
    self.specialTokens = specialTokens
  }
}
