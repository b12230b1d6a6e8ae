import ArgumentParser
import Engine
import LanguageModels

/// What both students of a project learn from its teacher itself.
struct StudentTeachingOptions: ParsableArguments {
  /// How both students are trained.
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case pretrain
    case vanillaKD = "vanilla-kd"
  }

  @Option(
    help: """
      How both students are trained: pretrain (on their text alone), or vanilla-kd: with the project's \
      teacher beside them, so that B has difference sampling and Vanilla KD together, A Vanilla KD alone.
      """)
  var method = Method.pretrain
  @Option(
    help: "k, the share of the divergence in the loss. (default: 0.5)", transform: real(0...1))
  var kdRatio: Double?
  @Option(
    help: "T, by which the logits of both are divided in the divergence. (default: 1.0)",
    transform: real(0.01...1000))
  var temperature: Double?

  func validate() throws {
    guard method == .pretrain else { return }
    for (name, value) in [("--kd-ratio", kdRatio), ("--temperature", temperature)]
    where value != nil {
      throw ValidationError("\(name) is for --method vanilla-kd.")
    }
  }

  var teaching: StudentTeaching? {
    method == .pretrain
      ? nil : StudentTeaching(ratio: kdRatio ?? 0.5, temperature: temperature ?? 1)
  }
}
