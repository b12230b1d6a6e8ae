import ArgumentParser
import Corpus
import Engine
import Foundation
import Store

/// A project of one's own text and models.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a project of your own corpus; 'open' shows it, 'run' runs it.",
    discussion: """
      Teacher and reference are model folders, or are trained on the reserve, as the demo does it. \
      Without either the corpus can be looked at, searched and studied, but not be scored. The \
      students' shape and schedule are the demo's; edit project.json for others.
      """)

  @Argument(help: "Project folder.")
  var project: String
  @Option(
    parsing: .upToNextOption,
    help: "What to score and select from: text files or folders, or one folder of token shards.")
  var corpus: [String]
  @Option(
    parsing: .upToNextOption,
    help: "Held-back text, or shards, for tokenizer, teacher and reference.")
  var reserve: [String] = []
  @Option(parsing: .upToNextOption, help: "Text that students are compared on.")
  var heldOut: [String] = []
  @Option(help: "tokenizer.json or its folder; by default one is trained on the reserve.")
  var tokenizer: String?
  @Option(help: "Model folder of the teacher.")
  var teacher: String?
  @Option(help: "Model folder of the reference.")
  var reference: String?
  @Option(help: "Most tokens of a chunk.")
  var maxLength = 1025
  @Option(help: "The ratio to start with.")
  var ratio = 0.5
  @Option(help: "Seed of everything.")
  var seed = DemoProject.seed
  @OptionGroup var fields: FieldOptions
  @OptionGroup var precision: PrecisionOptions

  func run() throws {
    if Folder.exists(ProjectFolder(path: project).settings) {
      throw ExitStatus(code: 2, text: "\(project) holds a project already; choose another folder.")
    }
    var settings = DemoProject.settings(seed: seed)
    settings.name = project.split(separator: "/").last.map(String.init) ?? "project"
    settings.text = .files(
      scored: try corpus.map(Self.present), reserve: try reserve.map(Self.present),
      heldOut: try heldOut.map(Self.present))
    if let tokenizer { settings.tokenizer = .path(try Self.present(tokenizer)) }
    settings.teacher = try origin(teacher, settings.teacher)
    settings.reference = try origin(reference, settings.reference)
    settings.ratio = ratio
    settings.corpus.packing.maximumLength = maxLength
    if let shards = try givenShards() {
      settings.corpus.packing.maximumLength = max(1, shards.longestChunk)
    } else {
      let reader = try fields.readerOptions(for: corpus)
      settings.corpus.reader.textField = reader.textField
      settings.corpus.reader.sourceField = reader.sourceField
      settings.corpus.reader.strict = reader.strict
    }
    precision.apply(to: &settings)
    try settings.validate()
    try Folder.make(project)
    try JSONFile.write(settings, to: ProjectFolder(path: project).settings)
    Output.line("project in \(project); 'miniplm open \(project)' shows it")
    if settings.teacher == .unset || settings.reference == .unset {
      Output.line("no teacher or reference: look, search and study; scoring needs both")
    }
  }

  /// A model: its folder, or trained on the reserve if there is one.
  private func origin(_ path: String?, _ trained: ModelOrigin) throws -> ModelOrigin {
    if let path { return .folder(try Self.present(path)) }
    return reserve.isEmpty ? .unset : trained
  }

  /// The shards that are the corpus; nil when it is text.
  private func givenShards() throws -> TokenShards? {
    guard corpus.count == 1, let path = corpus.first, ShardLocation(path).holdsShards else {
      return nil
    }
    guard tokenizer != nil else {
      throw ExitStatus(
        code: 2, text: "\(path) holds token shards; --tokenizer must name the one that made them.")
    }
    return try TokenShards(folder: path)
  }

  /// The path from the root, so that the project does not depend on where it is opened from.
  private static func present(_ path: String) throws -> String {
    guard Folder.exists(path) || ShardLocation(path).holdsShards else {
      throw ExitStatus(code: 3, text: "\(path) does not exist.")
    }
    return URL(fileURLWithPath: path).standardizedFileURL.path
  }
}
