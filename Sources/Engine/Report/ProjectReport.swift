import EngineInterface
import Foundation
import Numerics
public import Pipeline
import Reports
import Store

/// The report on a project: a folder with text, tables and pictures that a hosting site shows as it
/// is. It is made of what stands on disk, of a project of any state; what is not there is left out.
public struct ProjectReport {
  /// What was written.
  public struct Result: Sendable, Encodable, Equatable {
    /// The folder.
    public var path: String
    /// Titles of its sections.
    public var sections: [String]
    /// Names of its files.
    public var files: [String]
  }

  let folder: ProjectFolder
  let settings: ProjectSettings
  let status: ProjectStatus
  /// The refined corpus that the report is about; nil while there is none.
  let commit: CommitFolder?
  /// Whether numbers of the paper stand beside.
  let quotesPublished: Bool

  init(
    folder: ProjectFolder, settings: ProjectSettings, commit: String?,
    quotesPublished: Bool = false
  ) {
    self.folder = folder
    self.settings = settings
    self.quotesPublished = quotesPublished
    status = ProjectStatus(folder: folder, settings: settings)
    self.commit = commit.map { CommitFolder(project: folder, name: $0) }
  }

  /// - Parameters:
  ///   - path: the project's folder.
  ///   - commit: name of one of its commits; nil is the newest.
  /// - Throws: `StoreError` where there is no project, `EngineError.setting` for a commit that there
  ///   is not.
  public init(project path: String, commit: String? = nil, quotesPublished: Bool = false) throws {
    let folder = ProjectFolder(path: path)
    guard let settings = try ProjectEngine.settings(in: path) else {
      throw StoreError.system(
        operation: "read", path: folder.settings, failure: SystemFailure(code: 2))
    }
    let commits = ProjectStatus(folder: folder, settings: settings).commits
    if let commit, !commits.contains(commit) {
      throw EngineError.setting(
        name: "commit", found: commit,
        expected: commits.isEmpty ? "none, for there is none" : commits.joined(separator: ", "))
    }
    self.init(
      folder: folder, settings: settings, commit: commit ?? commits.last,
      quotesPublished: quotesPublished)
  }

  /// Writes the report into a folder of its own. An earlier report there is replaced, anything else
  /// is refused.
  ///
  /// - Throws: `StoreError.occupied`; what reading the project's files gives; `WorkStopped`.
  public func run(into output: String, _ work: Work) throws -> Result {
    let place = try OutputPath(folder: output, isPublished: true)
    try ReportFolder.requirePlace(place)
    let record = try commit.flatMap(ComparisonRecord.read)
    return try work.holding([.output(place.path)]) {
      try write(record, to: place.path, work)
    }
  }

  /// Writes the report on `record` and all else.
  @discardableResult
  func write(_ record: ComparisonRecord?, to path: String, _ work: Work) throws -> Result {
    let document = try document(record, work)
    try Folder.make(Folder.parent(of: path))
    try ReportFolder.write(document, to: path)
    return Result(
      path: path, sections: document.sections.map(\.title),
      files: document.files.keys.sorted() + [ReportFolder.recordName])
  }

  /// The whole report.
  func document(_ record: ComparisonRecord?, _ work: Work) throws -> ReportDocument {
    let parts: [(String, () throws -> [ReportSection])] = [
      ("the project", { [try projectSection(record)] }),
      ("the selection", { try selectionSections(record) }),
      ("samples of the text", { try qualitySections(work) }),
      ("the runs", { try trainingSections() }),
      ("the comparison", { comparisonSections(record) }),
      ("the tasks", { try taskSections() }),
      ("the scaling law", { try scalingSections(work) }),
      ("the computation", { computeSections() }),
      ("published numbers", { publishedSections() }),
    ]
    var sections: [ReportSection] = []
    for (index, part) in parts.enumerated() {
      try work.checkpoint()
      work.report(
        WorkProgress(Double(index) / Double(parts.count), detail: "reading \(part.0)"))
      sections += try part.1()
    }
    sections.append(filesSection(sections))
    var attachments: [String: String] = [:]
    if let record {
      attachments[ComparisonRecord.fileName] = try JSONFile.text(of: record) + "\n"
    }
    return ReportDocument(
      title: commit.map { "\(settings.name): \($0.name)" } ?? settings.name,
      lead: record.map { [.list($0.summary)] } ?? [.paragraph(state)], sections: sections,
      attachments: attachments)
  }

  /// Sections that are worth having and no reason for a report to fail: of what went wrong they say
  /// so. Short runs may have no law, and a text too few chunks.
  func orNote(_ title: String, _ body: () throws -> [ReportSection]) throws -> [ReportSection] {
    do {
      return try body()
    } catch let stop as WorkStopped {
      throw stop
    } catch {
      let message = (error as? any ActionableError)?.message ?? "\(error)"
      // The report may be read elsewhere.
      let words = message.replacing(folder.path + "/", with: "")
      return [ReportSection(title, [.paragraph("Not made. \(words)")])]
    }
  }

  /// How far a project is that has no result yet.
  private var state: String {
    guard let next = status.next else { return "Every stage of the project is done." }
    return "This project is not finished: the next stage is \"\(next.title)\". What is there "
      + "already is reported."
  }

  /// What the files beside the text are.
  private func filesSection(_ sections: [ReportSection]) -> ReportSection {
    ReportSection(
      "Files",
      [
        .paragraph(
          "Every table stands beside this text as CSV with all digits (RFC 4180), every picture as "
            + "SVG. Losses are in nats per token."),
        .paragraph(
          "Made by miniplm \(Program.version) from the project's files; \"miniplm report\" "
            + "makes it anew."),
      ])
  }
}
