public import Store

/// The evaluations of a run, chunk by chunk: `evaluations/step-000400.json`.
public enum EvaluationFiles {
  /// The folder in that of a run.
  static let folderName = "evaluations"
  private static let prefix = "step-"
  private static let suffix = ".json"

  /// The step that a file of the folder is of; nil for other files.
  static func step(ofName name: String) -> Int? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    return Int(name.dropFirst(prefix.count).dropLast(suffix.count))
  }

  /// Removes what a crash left.
  static func removeRemains(runFolder: String) throws(StoreError) {
    try CrashRemains.remove(from: "\(runFolder)/\(folderName)")
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
    return "\(runFolder)/\(folderName)/\(prefix)"
      + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + suffix
  }
}
