import ArgumentParser
import Pipeline

/// Which checks before a scoring may fail.
struct WaiverOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Checks that may fail, with commas between them: \(ScoringCheck.allCases
      .map(\.rawValue).joined(separator: ", ")). Those that do are named in what is made.
      """, valueName: "checks"),
    transform: checks)
  var waive: [[ScoringCheck]] = []
  @Option(help: "Why they are waived; stands in the record beside them.")
  var waiveReason: String?

  /// What was given, each check once.
  func waivers() throws -> [CheckWaiver] {
    if let waiveReason { try requireUTF8(waiveReason, option: "--waive-reason") }
    var waivers: [CheckWaiver] = []
    for check in waive.joined() where !waivers.contains(where: { $0.check == check }) {
      waivers.append(CheckWaiver(check, reason: waiveReason))
    }
    return waivers
  }

  func validate() throws {
    if waiveReason != nil, waive.isEmpty {
      throw ValidationError("--waive-reason says why, --waive says what: give both.")
    }
  }
}

/// The names in a list.
@Sendable private func checks(_ text: String) throws -> [ScoringCheck] {
  try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
    guard let check = ScoringCheck(rawValue: String(name)) else {
      throw ValidationError(
        "There is no check '\(name)'; expected some of "
          + ScoringCheck.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }
    return check
  }
}

/// What the checks before a scoring look at beside corpus and models.
struct CheckOptions: ParsableArguments {
  @Option(
    help: """
      Folder of the reserve, or of the shards that the reference was trained on; by default what \
      the reference's folder records. Chunks that are in it are counted and marked.
      """)
  var reserve: String?
  @Option(
    help: "tokenizer.json of the shards, or its folder, to compare the models' with.")
  var tokenizer: String?
  @OptionGroup var waivers: WaiverOptions
}
