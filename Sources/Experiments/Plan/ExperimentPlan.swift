public import Pipeline
public import TensorKit

/// The parts of an experiment in an order in which each finds what it needs, with what each costs.
public struct ExperimentPlan: Sendable {
  public let recipe: ExperimentRecipe
  public let folder: ExperimentFolder
  public let parts: [ExperimentPart]
  /// Whether the corpus is packed, so that tokens and steps are those that will be.
  public let isMeasured: Bool

  /// Plans by what stands in the folder of the experiment.
  ///
  /// - Parameter seconds: for which each model's speed is measured; 0 estimates no time.
  /// - Throws: `ExperimentError.budget`; what reading the folder gives.
  public init(
    _ recipe: ExperimentRecipe, in folder: ExperimentFolder, measuring seconds: Double,
    compute: Ops, _ work: Work
  ) throws {
    let facts = try ExperimentFacts(recipe, folder)
    let speeds =
      seconds > 0
      ? try MachineSpeeds(recipe, facts, seconds: seconds, compute: compute, work) : nil
    try self.init(recipe, in: folder, facts, speeds)
  }

  init(
    _ recipe: ExperimentRecipe, in folder: ExperimentFolder, _ facts: ExperimentFacts,
    _ speeds: MachineSpeeds?
  ) throws {
    let account = try ExperimentAccount(recipe, facts)
    let costs = PartCosts(recipe, facts, account, speeds)
    var parts: [ExperimentPart] = []
    func add(_ kind: ExperimentPart.Kind, needs: [String]) throws {
      parts.append(ExperimentPart(kind: kind, needs: needs, cost: try costs.cost(of: kind)))
    }
    if case .machine = recipe.corpus { try add(.corpus, needs: []) }
    let text = parts.map(\.name)
    let hasReserve = recipe.hasReserve
    if case .trained = recipe.tokenizer { try add(.tokenizer, needs: text) }
    let tokenizer = parts.map(\.name)
    for part in CorpusPart.allCases where part != .reserve || hasReserve {
      try add(.pack(part), needs: tokenizer)
    }
    let reserve = hasReserve ? [ExperimentPart.Kind.pack(.reserve).name] : []
    var scorers: [String] = []
    for (role, scorer) in [("teacher", recipe.teacher), ("reference", recipe.reference)] {
      guard case .trained = scorer else { continue }
      try add(.scorer(role), needs: reserve + [ExperimentPart.Kind.pack(.heldOut).name])
      scorers.append(role)
    }
    let scored = ExperimentPart.Kind.pack(.scored).name
    let selections = recipe.selections
    if !selections.isEmpty { try add(.score, needs: scorers + [scored]) }
    for selection in selections {
      try add(.select(selection), needs: [ExperimentPart.Kind.score.name])
    }
    let heldOut = ExperimentPart.Kind.pack(.heldOut).name
    let teacher = scorers.filter { $0 == "teacher" }
    func chosen(_ arm: ExperimentArm) -> String {
      selections.first { $0.arm == arm.selected }
        .map { ExperimentPart.Kind.select($0).name } ?? scored
    }
    for arm in recipe.writtenTexts { try add(.write(arm), needs: teacher + [chosen(arm)]) }
    for student in recipe.students {
      let arm = student.arm
      let corpus = arm.hasWrittenText ? ExperimentPart.Kind.write(arm).name : chosen(arm)
      try add(
        .student(student),
        needs: [corpus, heldOut] + (arm.hasTeacherBeside ? teacher : []))
    }
    try add(
      .report, needs: recipe.students.map { ExperimentPart.Kind.student($0).name })
    self.recipe = recipe
    self.folder = folder
    self.parts = parts
    isMeasured = facts.isMeasured
  }

  /// All costs together.
  public var total: ExperimentPart.Cost { parts.reduce(.init()) { $0 + $1.cost } }
}

extension ExperimentRecipe {
  /// Whether there is text that only tokenizer, teacher and reference see.
  var hasReserve: Bool {
    if case .files(let files) = corpus { !files.reserve.isEmpty } else { true }
  }
}

extension ExperimentArm {
  /// The arm whose refined corpus it needs: a uniform sample has as many tokens as the method keeps.
  var selected: ExperimentArm {
    method == .uniform ? ExperimentArm(.miniplm, ratio: ratio) : text
  }
}
