public import Store

/// Which chunks each step of a run really reads: those of the plan, but for what a fork leaves out and
/// what the run passes over.
public struct RunBatches: Sendable {
  public let plan: BatchPlan
  public internal(set) var decisions: Decisions
  public let fork: RunFork?
  private let drops: [(afterStep: Int, chunks: Set<Int>)]

  public init(plan: BatchPlan, decisions: Decisions = Decisions(), fork: RunFork? = nil) {
    self.plan = plan
    self.decisions = decisions
    self.fork = fork
    drops = (fork?.drops ?? []).map { ($0.afterStep, Set($0.chunks)) }
  }

  /// What the files of a run folder say.
  public init(plan: BatchPlan, runFolder: String) throws(StoreError) {
    self.init(
      plan: plan, decisions: try Decisions.read(runFolder: runFolder),
      fork: try RunFork.read(runFolder: runFolder))
  }

  /// The chunks of a step, from 1, in reading order; none where it is passed over, or all are left out.
  public func chunks(ofStep step: Int) -> [Int] {
    if decisions.passesOver(step: step) { return [] }
    let planned = plan.chunks(ofStep: step - 1)
    guard !drops.isEmpty else { return planned }
    return planned.filter { chunk in
      !drops.contains { step > $0.afterStep && $0.chunks.contains(chunk) }
    }
  }
}
