/// How an arm would stand if its student alone paid for all of the scoring: read from the curve of
/// the student that was trained, where its own training has used what is left of the budget.
///
/// The learning rate is not at its end there, so the loss is higher than that of a run of that length
/// would be: what is read is a bound against the arm.
public struct FullCharge: Codable, Sendable, Equatable {
  public var arm: String
  public var group: String
  /// All of the scoring over the budget of a student; 1 or more: nothing is left to train with.
  public var shareOfBudget: Double
  /// The arm's loss at that place less that of the student without selection at its end, both on the
  /// chunks of the curves; nil where nothing is left.
  public var difference: SeedEstimate?

  /// One for every arm and group that scoring is charged to.
  package static func all(_ results: [StudentResult]) -> [FullCharge] {
    var charges: [FullCharge] = []
    for result in results where result.flops.fullScoring > 0 {
      let (arm, group) = (result.arm, result.group)
      guard !charges.contains(where: { $0.arm == arm && $0.group == group }) else { continue }
      let own = results.filter { $0.arm == arm && $0.group == group }
      let differences = own.compactMap { student -> Double? in
        let plain = results.first {
          $0.group == group && $0.seed == student.seed
            && $0.method == ExperimentMethod.conventional.rawValue
        }
        let left = student.flops.budget - student.flops.fullScoring
        guard let end = plain?.curve.last?.loss, let loss = student.loss(after: left) else {
          return nil
        }
        return loss - end
      }
      charges.append(
        FullCharge(
          arm: arm, group: group,
          shareOfBudget: result.flops.fullScoring / result.flops.budget,
          difference: differences.isEmpty ? nil : SeedEstimate(differences)))
    }
    return charges
  }
}

extension StudentResult {
  /// The loss of the curve after so much training, on a straight line between two points; nil
  /// outside of the curve.
  func loss(after flops: Double) -> Double? {
    guard flops > 0, let next = curve.firstIndex(where: { $0.flops >= flops }), next > 0 else {
      return curve.last.flatMap { flops >= $0.flops ? $0.loss : nil }
    }
    let (a, b) = (curve[next - 1], curve[next])
    let share = (flops - a.flops) / max(1, b.flops - a.flops)
    return a.loss + share * (b.loss - a.loss)
  }
}
