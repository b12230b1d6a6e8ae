public import Store

/// A report as a folder that appears at once when it is whole.
public enum ReportFolder {
  /// The file that says what a folder is, and what belongs to it.
  public static let recordName = "manifest.json"
  private static let kind = "miniplm report"

  private struct Record: Codable {
    var kind: String
    var version: Int
    var files: [String]
  }

  /// Refuses a place that is taken by anything but a report of ours.
  ///
  /// - Throws: `StoreError.occupied`, naming what else is there.
  public static func requirePlace(_ output: OutputPath) throws(StoreError) {
    guard Folder.exists(output.path) else { return }
    let names = try output.content()
    if names.isEmpty { return }
    let record = try? JSONFile.read(Record.self, from: output.path + "/" + recordName)
    guard let record, record.kind == kind else { return try output.requireFree() }
    let others = names.filter { $0 != recordName && !record.files.contains($0) }
    if others.isEmpty { return }
    throw .occupied(
      path: output.typed, found: "a report, and beside it " + OutputPath.words(others),
      instead: "Choose another folder, or move what is no part of the report.")
  }

  /// Writes the files of a report, and gives the folder its name when all are there. What
  /// `requirePlace` lets pass is replaced.
  public static func write(_ document: ReportDocument, to path: String) throws(StoreError) {
    let files = document.files
    let temporary = path + ".partial"
    try Folder.remove(temporary)
    try Folder.make(temporary)
    for name in files.keys.sorted() {
      try AtomicFile.write(text: files[name] ?? "", to: temporary + "/" + name)
    }
    try JSONFile.write(
      Record(kind: kind, version: 1, files: files.keys.sorted()), to: temporary + "/" + recordName)
    let old = path + ".old"
    try Folder.remove(old)
    if Folder.exists(path) { try Folder.publish(file: path, as: old) }
    try Folder.publish(temporary, as: path)
    try Folder.remove(old)
  }
}
