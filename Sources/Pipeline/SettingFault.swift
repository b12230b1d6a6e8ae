import Corpus
import DifferenceSampling
import Training

/// A setting that cannot work, taken out of whichever module's error says so.
///
/// Modules call a setting by its own name. A front end knows it under another: an option, a key of a
/// file; it says the fault in its words with `sentence`.
public struct SettingFault: Equatable, Sendable {
  /// As the module calls it.
  public var key: String
  public var found: String
  /// May name other settings, by their keys.
  public var expected: String

  /// The fault in an error; nil where it is about something else.
  public init?(_ error: any Error) {
    switch error {
    case PipelineError.setting(let name, let found, let expected),
      CorpusError.setting(let name, let found, let expected),
      DifferenceSamplingError.invalidSetting(let name, let found, let expected),
      TrainingError.invalidSetting(let name, let found, let expected),
      TrainingError.configurationChanged(let name, let found, let expected):
      (key, self.found, self.expected) = (name, found, expected)
      if case TrainingError.configurationChanged = error {
        self.expected += ", with which the run began"
      }
    default: return nil
    }
  }

  /// One sentence with the names that `name` gives; keys that it does not know stay.
  public func sentence(_ name: (_ key: String) -> String?) -> String {
    var words = ""
    var word = ""
    func finish() {
      words += Self.isKey(word) ? name(word) ?? word : word
      word = ""
    }
    for character in expected {
      if character.isLetter || character.isNumber {
        word.append(character)
      } else {
        finish()
        words.append(character)
      }
    }
    finish()
    return "\(name(key) ?? key) is \(found), expected \(words)."
  }

  /// Whether a word of a sentence is a name and no word: it has a capital inside, or is the one plain
  /// name that sentences refer to.
  private static func isKey(_ word: String) -> Bool {
    word == "steps" || word.dropFirst().contains { $0.isUppercase }
  }
}
