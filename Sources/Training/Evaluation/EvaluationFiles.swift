public import Store

/// The evaluations of a run, chunk by chunk: `evaluations/step-000400.json`.
public enum EvaluationFiles {
  /// Removes what a crash left.
  static func removeRemains(runFolder: String) throws(StoreError) {
    try CrashRemains.remove(from: runFolder + "/evaluations")
  }

  /// Writes the result of the evaluation at `step`.
  static func write(
    _ result: EvaluationResult, step: Int, runFolder: String
  ) throws(StoreError) {
    let path = path(step: step, runFolder: runFolder)
    try Folder.make(Folder.parent(of: path))
    try AtomicFile.write(text: try JSONFile.text(of: result, pretty: false) + "\n", to: path)
  }

  /// The result of the evaluation at `step`; nil when there was none.
  public static func read(step: Int, runFolder: String) throws(StoreError) -> EvaluationResult? {
    let path = path(step: step, runFolder: runFolder)
    guard Folder.exists(path) else { return nil }
    return try JSONFile.read(EvaluationResult.self, from: path)
  }

  private static func path(step: Int, runFolder: String) -> String {
    let digits = String(step)
    return "\(runFolder)/evaluations/step-"
      + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".json"
  }
}
