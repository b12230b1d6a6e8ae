import Store

/// The folders of one refined corpus and of what was trained on it.
struct CommitFolder {
  let project: ProjectFolder
  /// For example "0001-r0.50".
  let name: String

  /// Shards of the refined corpus.
  var refined: String { project.commits + "/" + name }
  /// Shards of the uniform sample of equal tokens.
  var uniform: String { project.samples(name) + "/0001-uniform" }
  var runA: String { project.run(name + "/A-uniform") }
  var runB: String { project.run(name + "/B-refined") }
  /// What happened in its trainings.
  var events: String { project.run(name + "/" + RunEventLog.fileName) }
  var modelA: String { project.model(name + "-A-uniform") }
  var modelB: String { project.model(name + "-B-refined") }
  /// The comparison of the two students: a report.
  var report: String { project.report + "/" + name }
  /// What people read of it, under the name of now or that of earlier versions.
  var reportText: String {
    let old = report + "/report.md"
    let text = report + "/README.md"
    return Folder.exists(old) && !Folder.exists(text) ? old : text
  }
}
