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
      The students' shape and schedule are the demo's; edit project.json for others.
      """)

  @Argument(help: "Project folder.")
  var project: String
  @Option(parsing: .upToNextOption, help: "Text to score and select from: files or folders.")
  var corpus: [String]
  @Option(parsing: .upToNextOption, help: "Held-back text for tokenizer, teacher and reference.")
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
    if let teacher { settings.teacher = .folder(try Self.present(teacher)) }
    if let reference { settings.reference = .folder(try Self.present(reference)) }
    settings.ratio = ratio
    settings.corpus.packing.maximumLength = maxLength
    let reader = try fields.readerOptions(for: corpus)
    settings.corpus.reader.textField = reader.textField
    settings.corpus.reader.sourceField = reader.sourceField
    settings.corpus.reader.strict = reader.strict
    precision.apply(to: &settings)
    try settings.validate()
    try Folder.make(project)
    try JSONFile.write(settings, to: ProjectFolder(path: project).settings)
    Output.line("project in \(project); 'miniplm open \(project)' shows it")
  }

  /// The path from the root, so that the project does not depend on where it is opened from.
  private static func present(_ path: String) throws -> String {
    guard Folder.exists(path) else {
      throw ExitStatus(code: 3, text: "\(path) does not exist.")
    }
    return URL(fileURLWithPath: path).standardizedFileURL.path
  }
}
