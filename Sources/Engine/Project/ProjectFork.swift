import EngineInterface
import Foundation
import LanguageModels
import Store
import Training

/// A run of a project that branches off one of its students.
struct ProjectFork {
  let project: ProjectFolder
  let commit: String
  /// Name of its folder, for example "B-refined-fork-1".
  let folderName: String

  /// "B fork 1".
  var name: String {
    let number = folderName.split(separator: "-").last.map(String.init) ?? ""
    return "\(folderName.prefix(1)) fork \(number)"
  }

  var run: String { project.run("\(commit)/\(folderName)") }
  var model: String { project.model("\(commit)-\(folderName)") }
  var isDone: Bool { ModelFolder(model).isPresent }
  /// Whether its parent, or its parent's, is student A.
  var isOfA: Bool { folderName.hasPrefix("A") }

  private static let mark = "-fork-"

  /// The forks of a commit, in the order in which they were made, of A first.
  static func all(_ project: ProjectFolder, commit: String) -> [ProjectFork] {
    let folder = project.run(commit)
    let names = (try? Folder.list(folder)) ?? []
    return names.compactMap { name -> (Int, ProjectFork)? in
      guard let place = name.range(of: mark), let number = Int(name[place.upperBound...]),
        Folder.exists("\(folder)/\(name)/\(RunFork.fileName)")
      else { return nil }
      return (number, ProjectFork(project: project, commit: commit, folderName: name))
    }.sorted { ($0.1.folderName.prefix(1), $0.0) < ($1.1.folderName.prefix(1), $1.0) }.map(\.1)
  }

  /// A name that no fork has yet.
  static func next(of student: String, _ project: ProjectFolder, commit: String) -> ProjectFork {
    var number = 1
    while Folder.exists(project.run("\(commit)/\(student)\(mark)\(number)")) { number += 1 }
    return ProjectFork(project: project, commit: commit, folderName: "\(student)\(mark)\(number)")
  }

  /// Where it branches off, in the names of a project's runs.
  var note: ForkNote? {
    guard let fork = try? RunFork.read(runFolder: run) else { return nil }
    return ForkNote(
      parent: ProjectRun.all(project, commit: commit).first {
        OutputPath.canonical($0.folder) == fork.parent
      }?.name ?? fork.parent, step: fork.checkpointStep, dropped: fork.droppedChunks.count)
  }
}

/// A run of a commit that people see on the Train screen: a student or a fork of one.
struct ProjectRun {
  /// "A uniform", "B refined", "B fork 1".
  let name: String
  let folder: String
  /// The shards that it reads.
  let shards: String
  let isOfA: Bool

  static func all(_ project: ProjectFolder, commit: String) -> [ProjectRun] {
    let places = CommitFolder(project: project, name: commit)
    return [
      ProjectRun(name: "A uniform", folder: places.runA, shards: places.uniform, isOfA: true),
      ProjectRun(name: "B refined", folder: places.runB, shards: places.refined, isOfA: false),
    ]
      + ProjectFork.all(project, commit: commit).map {
        ProjectRun(
          name: $0.name, folder: $0.run, shards: $0.isOfA ? places.uniform : places.refined,
          isOfA: $0.isOfA)
      }
  }
}
