public import Store

/// What was decided about a faulty step: by a policy, or by a person.
public struct Decision: Codable, Sendable, Equatable {
  public var fault: StepFault
  public var action: StepAction
  /// The checkpoint that the run went back to; nil for other actions.
  public var returnedTo: Int?

  /// Whether the run has no update of the step's batch.
  public var leavesOut: Bool { action == .skip || action == .back }
}

/// Everything that was decided about a run's steps, `decisions.json` in its folder.
///
/// It is written before it takes effect, and a run that comes to the same step again, after it went
/// back or was killed, does the same: so it computes the same bits. Steps are those of the run, from 1.
public struct Decisions: Codable, Sendable, Equatable {
  /// Name of the file in a run's folder.
  public static let fileName = "decisions.json"

  public private(set) var formatVersion = 1
  /// In the order in which they were made.
  public private(set) var decisions: [Decision] = []

  public init() {}

  /// Those of a run; a run without the file has none.
  public static func read(runFolder: String) throws(StoreError) -> Decisions {
    let path = "\(runFolder)/\(fileName)"
    return Folder.exists(path) ? try JSONFile.read(Decisions.self, from: path) : Decisions()
  }

  func write(runFolder: String) throws(StoreError) {
    try JSONFile.write(self, to: "\(runFolder)/\(Self.fileName)")
  }

  /// The last one about a step.
  public func decision(ofStep step: Int) -> Decision? {
    decisions.last { $0.fault.step == step }
  }

  /// Those that left an update out.
  public var leftOut: [Decision] { decisions.filter(\.leavesOut) }

  /// How often the run went back.
  public var returns: Int { decisions.count { $0.action == .back } }

  /// Whether the batch of a step is passed over, unread.
  public func passesOver(step: Int) -> Bool { decision(ofStep: step)?.action == .back }

  mutating func add(_ decision: Decision) { decisions.append(decision) }

  /// Those about steps up to `step`.
  func upTo(step: Int) -> Decisions {
    var kept = self
    kept.decisions = decisions.filter { $0.fault.step <= step }
    return kept
  }
}
