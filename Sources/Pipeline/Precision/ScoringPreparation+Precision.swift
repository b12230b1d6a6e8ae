import DifferenceSampling
import Numerics
import TensorKit

/// In which precision a scoring is done, and what is known of it already.
struct ScoringResolution {
  let precision: Precision
  /// Why, where `auto` was asked for.
  var resolved: ResolvedPrecision?
  /// What the probe gave in it, where it was tried.
  var outcomes: (teacher: ScoringProbe.Outcome, reference: ScoringProbe.Outcome)?
}

extension ScoringPreparation {
  /// The precision that was asked for, that of the scores that are there, or the fastest that keeps
  /// the accuracy.
  ///
  /// - Parameter folder: of the scores; nil where there are none.
  func resolve(folder: String?, _ probe: ScoringProbe, _ work: Work) throws -> ScoringResolution {
    if let exact = settings.precision.exact { return ScoringResolution(precision: exact) }
    if let folder {
      if let found = ScoringJob.recordedPrecision(folder: folder) {
        return ScoringResolution(
          precision: found, resolved: ResolvedPrecision(found, "the scores that are there have it"))
      }
      if let earlier = CheckReport.read(folder: folder), let resolved = earlier.resolved,
        earlier.identity == (try identity(resolved.precision))
      {
        return ScoringResolution(precision: resolved.precision, resolved: resolved)
      }
    }
    return try tried(folder, probe, work)
  }

  private func tried(
    _ folder: String?, _ probe: ScoringProbe, _ work: Work
  ) throws -> ScoringResolution {
    let rule = settings.precisionRule
    // Widest first; what does not fit is no choice.
    let plans = try [Precision.f32, .bf16, .int8].compactMap { precision in
      try memory(precision, folder: folder, isWaived: false).plan.map { (precision, $0) }
    }
    guard let (widest, plan) = plans.first else {
      return ScoringResolution(
        precision: .int8, resolved: ResolvedPrecision(.int8, "none fits into the memory"))
    }
    func chosen(
      _ precision: Precision, _ reason: String, _ tried: [PrecisionVerdict] = [],
      outcomes: Outcomes? = nil
    ) -> ScoringResolution {
      ScoringResolution(
        precision: precision, resolved: ResolvedPrecision(precision, reason, tried: tried),
        outcomes: outcomes)
    }
    let others = plans.dropFirst()
    guard !others.isEmpty else {
      return chosen(widest, "the only one that fits into the memory")
    }
    guard knows(probe) else { return chosen(widest, "ids of the probe are unknown") }
    let base = try outcomes(in: plan, probe, work)
    let seconds = Self.seconds(base, inputs: lengths.inputs)
    if seconds <= rule.worthwhileSeconds {
      return chosen(
        widest,
        "the whole corpus takes about \(Number.duration(seconds)), there is nothing to gain",
        outcomes: base)
    }
    let rows = Self.finiteRows(base)
    guard rows.count >= rule.leastChunks else {
      return chosen(
        widest, "a probe of \(rows.count) chunks tells too little of the others",
        outcomes: base)
    }
    let expected = rows.map { Self.difference(base, $0) }
    var tried: [PrecisionVerdict] = []
    // The narrowest reads the fewest bytes and is the fastest where it is supported at all.
    for (precision, plan) in others.reversed() {
      let outcome = try outcomes(in: plan, probe, work)
      let found = rows.map { Self.difference(outcome, $0) }
      let gain = seconds / max(Self.seconds(outcome, inputs: lengths.inputs), 1e-9)
      guard found.allSatisfy(\.isFinite) else { continue }
      let verdict = PrecisionVerdict(precision, found, expected: expected, gain: gain)
      tried.append(verdict)
      if verdict.isAccurate(by: rule), gain >= rule.leastGain {
        return chosen(
          precision,
          "on \(rows.count) chunks against \(widest.rawValue) \(tried.map(\.words).joined(separator: "; "))",
          tried, outcomes: outcome)
      }
    }
    return chosen(
      widest,
      "nothing narrower is as accurate and faster: "
        + tried.map(\.words).joined(separator: "; "), tried, outcomes: base)
  }

  // MARK: - Probe

  /// Both models on the probe, one in memory at a time.
  func outcomes(
    in plan: ScoringMemory, _ probe: ScoringProbe, _ work: Work
  ) throws -> (teacher: ScoringProbe.Outcome, reference: ScoringProbe.Outcome) {
    (
      try outcome("teacher", teacher(plan.settings), plan, probe, work),
      try outcome("reference", reference(plan.settings), plan, probe, work)
    )
  }

  func outcome(
    _ role: String, _ model: ScoringModel, _ plan: ScoringMemory, _ probe: ScoringProbe,
    _ work: Work
  ) throws -> ScoringProbe.Outcome {
    let precision = plan.settings.precision.rawValue
    work.report(WorkProgress(nil, detail: "checks: loading the \(role), \(precision)"))
    try work.checkpoint()
    let outcome = try probe.score(
      by: model.load(), tokensPerBatch: plan.settings.tokensPerBatch
    ) { work.goesOn(WorkProgress(nil, detail: "checks: the \(role) on a probe, \(precision)")) }
    guard let outcome else { throw WorkStopped() }
    return outcome
  }

  private typealias Outcomes = (teacher: ScoringProbe.Outcome, reference: ScoringProbe.Outcome)

  private static func seconds(_ outcomes: Outcomes, inputs: Int) -> Double {
    Double(inputs) / max(outcomes.teacher.tokensPerSecond, 1e-9)
      + Double(inputs) / max(outcomes.reference.tokensPerSecond, 1e-9)
  }

  private static func difference(_ outcomes: Outcomes, _ row: Int) -> Float {
    outcomes.reference.means[row] - outcomes.teacher.means[row]
  }

  private static func finiteRows(_ outcomes: Outcomes) -> [Int] {
    outcomes.teacher.means.indices.filter {
      outcomes.teacher.counted[$0] > 0 && difference(outcomes, $0).isFinite
    }
  }
}
