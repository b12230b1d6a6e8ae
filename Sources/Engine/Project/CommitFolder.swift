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
  var modelA: String { project.model(name + "-A-uniform") }
  var modelB: String { project.model(name + "-B-refined") }
  var report: String { project.report + "/" + name }
}
