/// One student: what it is, how much it may compute, and how its text is chosen.
public struct ExperimentStudent: Sendable, Equatable {
  public internal(set) var arm: ExperimentArm
  public let model: RecipeModel
  /// Input tokens of a student without selection; its computation is what all may spend.
  public let budgetTokens: Int
  public let seed: UInt64

  /// Names its folders.
  public var name: String { "\(group)-\(arm.name)-s\(seed)" }

  /// Students that are compared with each other but for arm and seed.
  public var group: String { "\(model.name)-t\(budgetTokens)" }
}

/// What a student computes.
public struct StudentBudget: Sendable, Equatable {
  /// What every student of the group may compute, scoring included.
  public let flops: Double
  /// What was computed before for several students: scores, and text that the teacher writes. Its share
  /// as the recipe charges it, and all that its arm needs.
  public let scoring: Double
  public let fullScoring: Double
  /// Optimiser steps, and input tokens and computation of these, a teacher's beside it included.
  public let steps: Int
  public let tokens: Double
  public let training: Double
}

extension ExperimentRecipe {
  /// All students, seed by seed: what is cut off early is whole for its first seeds.
  public var students: [ExperimentStudent] {
    seeds.flatMap { seed in
      tokens.sorted().flatMap { budget in
        models.flatMap { model in
          arms.map {
            ExperimentStudent(arm: $0, model: model, budgetTokens: budget, seed: seed)
          }
        }
      }
    }
  }

  /// The refined corpora that the arms need: differences of the method's own for a uniform sample of
  /// as many tokens.
  var selections: [ExperimentSelection] {
    var selections: [ExperimentSelection] = []
    for arm in arms.map(\.text) {
      guard let ratio = arm.ratio else { continue }
      let isUniform = arm.method == .uniform
      let selected = isUniform ? ExperimentArm(.miniplm, ratio: ratio) : arm
      if let place = selections.firstIndex(where: { $0.arm == selected }) {
        selections[place].writesSample = selections[place].writesSample || isUniform
      } else {
        selections.append(ExperimentSelection(arm: selected, writesSample: isUniform))
      }
    }
    return selections
  }
}

extension ExperimentRecipe {
  /// The arms whose text the teacher writes, one for each such text.
  var writtenTexts: [ExperimentArm] { arms.filter(\.hasWrittenText) }
}

/// A refined corpus that has to be written.
struct ExperimentSelection: Sendable, Equatable {
  /// Whose choice it is; names its folder.
  var arm: ExperimentArm
  /// Whether a uniform sample of as many tokens goes with it.
  var writesSample: Bool
}
