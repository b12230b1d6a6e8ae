import Corpus
import Evaluation
import Foundation
import LanguageModels
public import Pipeline
import Store
public import Training

/// A project that somebody makes of corpora and models of their own.
public struct NewProject {
  /// What to score and select from: text, or one folder of token shards.
  public var corpus: [String]
  /// Held-back text, or shards, for tokenizer, teacher and reference.
  public var reserve: [String] = []
  /// Text, or shards, that students are compared on.
  public var heldOut: [String] = []
  /// tokenizer.json or its folder; nil: the teacher's, or the reference's; without models one is trained
  /// on the reserve.
  public var tokenizer: String?
  /// Model folders; nil: trained on the reserve, if there is one.
  public var teacher: String?
  public var reference: String?
  /// Recipes of the students, and of teacher and reference where these are trained.
  public var studentPreset: TrainingPreset?
  public var teacherPreset: TrainingPreset?
  public var referencePreset: TrainingPreset?
  /// What both students learn from the teacher itself; nil: nothing.
  public var teaching: StudentTeaching?
  /// Values of project.json in place of what all else comes to.
  public var changes: [SettingChange] = []
  /// Most tokens of a chunk; shards that are given have their own.
  public var maximumLength = 1025
  /// The ratio to start with.
  public var ratio = 0.5
  public var seed = DemoProject.seed
  /// Zero-shot tasks to evaluate models on.
  public var tasks: [TaskFile] = []
  /// How documents are found.
  public var fields = TextFields()
  /// Checks that may fail, now and before scoring.
  public var waivers: [CheckWaiver] = []

  public init(corpus: [String]) { self.corpus = corpus }

  /// The settings of the project in `folder`; what else a project has is the demo's.
  ///
  /// - Throws: `StoreError` for a folder that cannot be one, `EngineError.setting` when shards come
  ///   without their tokenizer; `CorpusError.unreadable` for paths that are not there.
  public func settings(for folder: String, _ work: Work) throws -> ProjectSettings {
    let place = try OutputPath(folder: folder)
    try checkParts()
    try CorpusInputs.requireFiles(corpus + reserve + heldOut, for: "a project")
    var settings = DemoProject.settings(seed: seed)
    settings.name = place.path.split(separator: "/").last.map(String.init) ?? "project"
    settings.text = .files(
      scored: try corpus.map(Self.present), reserve: try reserve.map(Self.present),
      heldOut: try heldOut.map(Self.present))
    settings.waive(waivers)
    settings.tasks = try taskFiles()
    let tokenizer = try tokenizerPlace(work)
    if let tokenizer { settings.tokenizer = .path(tokenizer) }
    let presets = try presetModels(settings)
    settings.teacher = try origin(teacher, presets.teacher ?? settings.teacher)
    settings.reference = try origin(reference, presets.reference ?? settings.reference)
    settings.student = presets.student ?? settings.student
    settings.student.teaching = teaching
    settings.ratio = ratio
    settings.corpus.packing.maximumLength = maximumLength
    if let shards = try givenShards(tokenizer, work) {
      settings.corpus.packing.maximumLength = max(1, shards.longestChunk)
    } else {
      let inputs = try work.inputs(corpus)
      try inputs.requireFiles(for: "a project")
      settings.corpus.reader = try fields.options(for: inputs, work)
    }
    settings = try settings.changed(by: changes)
    for text in [reserve, heldOut] where GivenShards(text) == nil {
      try work.inputs(text).requireFiles(for: "a project")
    }
    if !reserve.isEmpty {
      let field = settings.corpus.reader.textField
      try TextAmount(of: reserve, reader: settings.corpus.reader).requireChunk(
        of: 1, option: "reserve",
        advice: "documents as those of --corpus"
          + (field.isEmpty ? "" : ", with their text in \(field)"),
        work)
    }
    try warnOfSharedFiles(work)
    if !heldOut.isEmpty {
      try TextAmount(of: heldOut, reader: settings.corpus.reader).requireChunk(
        of: settings.corpus.packing.maximumLength, option: "held-out",
        advice:
          "text for one chunk of \(settings.corpus.packing.maximumLength) tokens: give more, a "
          + "smaller --max-length, or leave --held-out out and students are not compared", work)
    }
    if let tokenizer {
      try TokenizersAtHand(tokenizer, models: settings.givenModels).require(
        waivers: waivers, work)
    }
    return settings
  }

  /// Models of presets: of what trains without one, the passes over the corpus are the demo's.
  private func presetModels(
    _ settings: ProjectSettings
  ) throws -> (teacher: ModelOrigin?, reference: ModelOrigin?, student: TrainedModel?) {
    for (role, path, preset) in [
      ("teacher", teacher, teacherPreset), ("reference", reference, referencePreset),
    ] {
      guard let preset else { continue }
      if let path {
        throw EngineError.setting(
          name: "\(role)-preset", found: "\(preset.name), and \(path) as \(role)",
          expected: "a preset for a model that is trained, or a model that is there")
      }
      if reserve.isEmpty {
        throw EngineError.setting(
          name: "\(role)-preset", found: "\(preset.name), and no text to train it on",
          expected: "text for it: --reserve")
      }
    }
    func trained(_ preset: TrainingPreset?, epochs: Double) throws -> TrainedModel? {
      try preset.map { try TrainedModel($0, epochs: epochs) }
    }
    return (
      try trained(teacherPreset, epochs: 1).map(ModelOrigin.trained),
      try trained(referencePreset, epochs: 1).map(ModelOrigin.trained),
      try trained(studentPreset, epochs: settings.student.training.epochs)
    )
  }

  /// The files of tasks by their whole paths, each looked at once; nil without any.
  private func taskFiles() throws -> [TaskFile]? {
    var files: [TaskFile] = []
    for file in tasks {
      let path = try Self.present(file.path)
      if files.contains(where: { $0.task == file.task }) {
        throw EngineError.setting(
          name: "task", found: "\(file.task.rawValue) twice", expected: "each task once")
      }
      // Whatever is wrong with the file is told now and not after hours of training.
      _ = try TaskItems.load(file.task, from: path, limit: 1)
      files.append(TaskFile(file.task, path: path))
    }
    return files.isEmpty ? nil : files
  }

  /// Where the tokenizer lies: what was named, or what the teacher or the reference brings, since no other
  /// one has their ids. nil: it is trained.
  private func tokenizerPlace(_ work: Work) throws -> String? {
    if let tokenizer { return try Self.present(tokenizer) }
    let models = [("teacher", teacher), ("reference", reference)].compactMap { role, path in
      path.map { (role: role, path: $0) }
    }
    if models.isEmpty { return nil }
    for (role, path) in models {
      let model = ModelFolder(try Self.present(path))
      guard model.tokenizerFile != nil else { continue }
      work.note("the tokenizer is the \(role)'s: \(model.tokenizerFolder)")
      return model.tokenizerFolder
    }
    throw EngineError.setting(
      name: "tokenizer",
      found: "none, and none beside the models (\(models.map(\.path).joined(separator: ", ")))",
      expected: "the one that these models were trained with: --tokenizer DIR")
  }

  /// A text that is scored and also trained or measured on would make every comparison worthless.
  private func checkParts() throws {
    var places: [String: String] = [:]
    for (part, paths) in [("corpus", corpus), ("reserve", reserve), ("held-out", heldOut)] {
      for path in paths {
        let real = OutputPath.canonical(path)
        if let other = places[real], other != part {
          throw EngineError.setting(
            name: part, found: path, expected: "a text that is not in --\(other) as well")
        }
        places[real] = part
      }
    }
  }

  /// Texts that stand on two sides would make the sides alike.
  private func warnOfSharedFiles(_ work: Work) throws {
    for (one, other, words) in [
      (reserve, corpus, "--reserve and --corpus: the reference would be trained on what it scores"),
      (heldOut, corpus, "--held-out and --corpus: students would be compared on what they learn"),
      (heldOut, reserve, "--held-out and --reserve: the models have seen it"),
    ] {
      let shared = try RepeatedFiles.common(one, other)
      guard let first = shared.first else { continue }
      let more = shared.count > 1 ? " and \(shared.count - 1) more files" : ""
      work.note("\(first)\(more) in both \(words)", .warning)
    }
  }

  /// Makes the project's folder, with its settings; the same project once more is no error.
  ///
  /// - Throws: `StoreError.occupied` when it holds a project of other settings, `StoreError.locked`.
  public static func write(_ settings: ProjectSettings, to folder: String) throws {
    try settings.validate()
    let path = try OutputPath(folder: folder).path
    let file = ProjectFolder(path: path).settings
    if let present = try ProjectEngine.settings(in: path) {
      if present == settings { return }
      throw StoreError.occupied(
        path: file, found: "a project of other settings",
        instead: "Choose another folder; 'miniplm open \(folder)' shows that project.")
    }
    try Folder.make(path)
    let lock = try FolderLock(folder: path)
    defer { lock.release() }
    try JSONFile.write(settings, to: file)
  }

  /// A model: its folder, or trained on the reserve if there is one.
  private func origin(_ path: String?, _ trained: ModelOrigin) throws -> ModelOrigin {
    if let path { return .folder(try Self.present(path)) }
    return reserve.isEmpty ? .unset : trained
  }

  /// The shards that are the corpus; nil when it is text.
  private func givenShards(_ tokenizer: String?, _ work: Work) throws -> TokenShards? {
    guard GivenShards(corpus) != nil, let path = corpus.first else { return nil }
    guard let tokenizer else {
      throw EngineError.setting(
        name: "tokenizer", found: "none",
        expected: "the one that made the token shards in \(path)")
    }
    _ = try ShardsTokenizer.load(tokenizer, ofShards: path, work)
    return try TokenShards(folder: path)
  }

  /// The path from the root, so that the project does not depend on where it is opened from.
  private static func present(_ path: String) throws -> String {
    if path == "-" { throw CorpusError.stream(path: "standard input", work: "a project") }
    guard Folder.exists(path) || ShardLocation(path).holdsShards else {
      throw CorpusError.unreadable(path: path, reason: "no such file or folder")
    }
    return URL(fileURLWithPath: path).standardizedFileURL.path
  }
}
