public import ArgumentParser
public import Corpus
public import DifferenceSampling
public import Evaluation
public import LanguageModels
public import Pipeline
public import ScalingLaws
public import TensorKit
public import TerminalUI
public import Tokenizers
public import Training
public import Workbench

// Choices of the libraries as values of options.

extension PreTokenization: ExpressibleByArgument {}
extension MambaInitialization: ExpressibleByArgument {}
extension WeightType: ExpressibleByArgument {}
extension GGUFWeightType: ExpressibleByArgument {}
extension ScoringOrder: ExpressibleByArgument {}
extension SelectionRanking: ExpressibleByArgument {}
extension ChunkOrder: ExpressibleByArgument {}
extension ModelFamily: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension InstructionSet: ExpressibleByArgument {}
extension PrecisionSetting: ExpressibleByArgument {}
extension TextStart: ExpressibleByArgument {}
extension Glyphs: ExpressibleByArgument {}
extension PackingPreset: ExpressibleByArgument {}
extension DocumentIndex: ExpressibleByArgument {}
extension Resampling.Unit: ExpressibleByArgument {}

extension ColourLevel: ExpressibleByArgument {
  public static var allValueStrings: [String] { ["256", "16", "8", "0"] }

  /// A number of colours.
  public init?(argument: String) {
    guard let colours = Int(argument), let level = ColourLevel(rawValue: colours) else {
      return nil
    }
    self = level
  }
}

extension ScreenID: ExpressibleByArgument {
  /// A name or a digit.
  public init?(argument: String) {
    self.init(name: argument)
  }
}

extension HarnessVersion: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }
}

extension ShardShuffle: ExpressibleByArgument {
  public static var allValueStrings: [String] { ["none", "seeded:N", "numpy:N"] }

  /// none, seeded:N or numpy:N.
  public init?(argument: String) { self.init(argument) }
}
