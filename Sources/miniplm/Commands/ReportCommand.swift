import ArgumentParser
import Engine
import Pipeline
import Store

/// A report on a project.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a report on a project: text, tables and pictures that a hosting site shows.",
    discussion: """
      The folder gets README.md, CSV files and SVG pictures of what the project has so far: models, \
      selection, training, comparison, evaluations. It is made of files alone, so it can be written \
      at any time. An earlier report in the folder is replaced, anything else is left alone.
      """)

  @Argument(help: "Project folder.")
  var project: String
  @Option(name: .shortAndLong, help: "Folder for the report.")
  var output: String
  @Option(help: "The refined corpus to report on. (default: the newest)")
  var commit: String?
  @Flag(help: "Add the published numbers of the paper, marked as such.")
  var published = false
  @OptionGroup var common: CommonOptions

  func run() throws {
    if Folder.exists("\(project)/recipe.json"), !Folder.exists("\(project)/project.json") {
      throw ExitStatus(
        code: 3,
        text:
          "\(project) holds an experiment, whose report is \(project)/report; run its recipe again "
          + "to bring that up to date.")
    }
    guard try ProjectEngine.settings(in: project) != nil else {
      throw ExitStatus.noProject(project)
    }
    let report = try ProjectReport(project: project, commit: commit, quotesPublished: published)
    let result = try CommandRun("report", common, whenStopped: .stoppedWithoutResult).run {
      try report.run(into: output, $0)
    }
    if common.json { return try Output.json(result) }
    try Output.line("report: \(result.path)/README.md, \(result.files.count) files")
  }
}
