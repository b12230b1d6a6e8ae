import Corpus
import LanguageModels
import Store
import Training

// Where a training writes.
extension TrainingPlace {
  /// The place with paths that can be written: the run folder is that of a run or free, and the folder
  /// of the model is free or holds the model of this very run.
  ///
  /// - Throws: `StoreError.occupied`, `StoreError.unusableOutput`.
  func checked(
    start: ModelFolder?, teacher: [(path: String, what: String)] = []
  ) throws -> TrainingPlace {
    let run = try OutputPath(folder: runFolder)
    var inputs = WhatIsRead.shards(shards) + teacher
    if let start { inputs.append((start.path, "the model that it starts from")) }
    try run.requireApart(from: inputs, mayBeInside: true)
    let content = try run.content()
    guard content.isEmpty || content.contains(where: Self.ofRuns.contains) else {
      throw StoreError.occupied(
        path: runFolder, found: OutputPath.words(content) + ", and no run",
        instead: "Choose another run folder, or remove this one.")
    }
    var place = self
    place.runFolder = run.path
    place.tensorBoard = try events(apartFrom: inputs, run)
    guard let output else { return place }
    let model = try OutputPath(folder: output, isPublished: true)
    try model.requireApart(from: inputs + [(run.path, "the run")], mayBeInside: true)
    if try !Self.isModel(model.path, ofRun: run.path) { try model.requireFree() }
    place.output = model.path
    return place
  }

  /// What a training holds while it writes.
  var written: [WrittenPlace] {
    [.folder(runFolder)] + (tensorBoard.map { [.folder($0)] } ?? [])
      + (output.map { [.output($0)] } ?? [])
  }

  /// The folder of event files, which may be one inside the run's.
  private func events(
    apartFrom inputs: [(path: String, what: String)], _ run: OutputPath
  ) throws(StoreError) -> String? {
    guard let tensorBoard else { return nil }
    let folder = try OutputPath(folder: tensorBoard)
    try folder.requireApart(from: inputs)
    try folder.requireApart(from: [(run.path, "the run")], mayBeInside: true)
    if let output { try folder.requireApart(from: [(output, "the trained model")]) }
    return folder.path
  }

  /// Names that every run folder has.
  private static let ofRuns: Set<String> = [
    CheckpointStore.folderName, MetricsLog.fileName, RunFork.fileName,
  ]

  /// Whether a folder holds the weights of a run's newest checkpoint.
  private static func isModel(_ folder: String, ofRun runFolder: String) throws -> Bool {
    let model = ModelFolder(folder)
    guard model.isPresent, let newest = try CheckpointStore.newest(runFolder: runFolder) else {
      return false
    }
    let names = try model.identityFiles().filter { $0 != ModelFolder.configurationName }
    return try !names.isEmpty
      && names.allSatisfy { name in
        guard Folder.exists("\(newest)/\(name)") else { return false }
        return try Digest.sha256(file: "\(newest)/\(name)")
          == Digest.sha256(file: "\(folder)/\(name)")
      }
  }
}
