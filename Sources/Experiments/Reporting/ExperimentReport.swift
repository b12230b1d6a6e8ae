import Corpus
import LanguageModels
import Reports
import Store
import Training

/// What an experiment found: `report/` with README.md, tables, pictures and results.json.
///
/// A pure function of the files of the experiment: made anew it has the same bytes.
struct ExperimentReport: Encodable {
  /// A row a student.
  static let resultsName = "results.csv"

  /// A model that scored.
  struct Scorer: Codable, Equatable {
    var role: String
    var parameters: Int
    /// Tokens and computation of its training here; nil where it was given.
    var tokens: Double?
    var trainingFLOPs: Double?
    var scoringFLOPs: Double
    /// The last of its training here.
    var heldOutLoss: Double?
  }

  let experiment: String
  /// Chunks and input tokens of the scored part, and of the held-out part.
  let scoredChunks: Int
  let scoredTokens: Int
  let heldOutChunks: Int
  let heldOutTokens: Int
  /// Held-out chunks that stand, token for token, in the scored part or the reserve.
  let heldOutRepeated: Int
  let charge: String
  let scorers: [Scorer]
  let students: [StudentResult]
  let comparisons: [ArmComparison]
  let fullCharges: [FullCharge]
  let kept: [KeptText]
  let laws: [ArmLaw]
  /// By `ArmLaw.key`.
  let fitted: [String: ArmLaw.Fitted]
  private let folder: ExperimentFolder

  private enum CodingKeys: CodingKey {
    case experiment, scoredChunks, scoredTokens, heldOutChunks, heldOutTokens, heldOutRepeated,
      charge, scorers, students, comparisons, fullCharges, kept, laws
  }

  /// Collects the results of all students that are done.
  init(_ recipe: ExperimentRecipe, in folder: ExperimentFolder) throws {
    let facts = try ExperimentFacts(recipe, folder)
    let account = try ExperimentAccount(recipe, facts)
    self.folder = folder
    experiment = recipe.name
    (scoredChunks, scoredTokens) = (facts.scored.chunks, facts.scored.inputs)
    (heldOutChunks, heldOutTokens) = (facts.heldOut.chunks, facts.heldOut.inputs)
    heldOutRepeated = try Self.repeated(recipe, folder)
    charge = recipe.charge.words
    let scoring = ["teacher": account.teacherScoring, "reference": account.referenceScoring]
    scorers = try [
      ("teacher", recipe.teacher, facts.teacher), ("reference", recipe.reference, facts.reference),
    ].map { role, scorer, shape in
      var row = Scorer(
        role: role, parameters: shape.parameterCount, scoringFLOPs: scoring[role] ?? 0)
      guard case .trained(let model, let epochs, _) = scorer else { return row }
      let steps = account.scorerSteps(model, epochs: epochs)
      let passes = Double(steps * model.chunksPerStep) / Double(max(1, facts.reserve.chunks))
      row.tokens = passes * Double(facts.reserve.inputs)
      row.trainingFLOPs = passes * account.training(role, facts.reserve)
      row.heldOutLoss = try MetricsLog.read(runFolder: folder.run(role)).compactMap { record in
        if case .evaluation(let evaluation) = record {
          evaluation.losses.all.chunkMean
        } else {
          nil
        }
      }.last
      return row
    }
    students = try recipe.students.filter { Folder.exists(folder.result($0)) }.map {
      try JSONFile.read(StudentResult.self, from: folder.result($0))
    }
    comparisons = ArmComparison.all(students, arms: recipe.arms.map(\.name))
    fullCharges = FullCharge.all(students)
    kept = try KeptText.all(recipe, folder)
    (laws, fitted) = try ArmLaw.all(students, arms: recipe.arms.map(\.name))
  }

  private static func repeated(
    _ recipe: ExperimentRecipe, _ folder: ExperimentFolder
  ) throws -> Int {
    let learnt = [CorpusPart.scored] + (recipe.hasReserve ? [.reserve] : [])
    return try RepeatedChunks.count(
      in: TokenShards(folder: folder.shards(.heldOut)),
      of: learnt.map { try TokenShards(folder: folder.shards($0)) })
  }

  /// Writes the folder, which appears whole; what came out in a few words.
  func write() throws -> String {
    try ReportFolder.requirePlace(OutputPath(folder: folder.report))
    let text = try ReportText(self)
    try ReportFolder.write(text.document, to: folder.report)
    return text.findings.first ?? "\(students.count) students"
  }
}

extension ExperimentRecipe.Charge {
  /// In a sentence about the scoring.
  var words: String {
    switch self {
    case .amortized: "shared by all students of the experiment that use it"
    case .full: "charged to every student that uses it, in full"
    case .among(let count): "charged as if \(count) students shared it"
    }
  }
}
