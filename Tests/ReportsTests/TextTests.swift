import Foundation
import Reports
import Store
import Testing

@Suite struct TextTests {
  @Test func markdownTablesHoldTheirColumns() {
    let table = ReportTable(
      ["na|me", "loss"],
      [[.text("a|b\\\n<i>*x*"), .number(4.5481, 3)], [.text("c"), .number(nil, 3)], []])
    #expect(
      MarkdownText.table(table).split(separator: "\n") == [
        #"| na\|me                |  loss |"#,
        #"| --------------------- | ----: |"#,
        #"| a\|b\\ &lt;i&gt;\*x\* | 4.548 |"#,
        #"| c                     |     - |"#,
        #"|                       |       |"#,
      ])
  }

  @Test func csvIsQuotedWhereItMustBe() {
    let table = ReportTable(
      ["name", "value"], [[.text("a,\"b\"\r\nc"), .number(0.1, 1)], [.text(" d"), .percent(nil)]])
    #expect(
      CSVText.text(of: table)
        == "name,value\r\n\"a,\"\"b\"\"\r\nc\",0.1\r\n\" d\",\r\n")
  }

  @Test func linesBeginNoMarkup() {
    #expect(MarkdownText.line("- a") == "\\- a")
    #expect(MarkdownText.line("12. a") == "12\\. a")
    #expect(MarkdownText.line("# a_b") == "\\# a\\_b")
    #expect(MarkdownText.line("3.5 nats") == "3\\.5 nats")
  }

  @Test func tasksHaveAMeanWhereAllAreThere() throws {
    var tasks = Examples.tasks()
    let rows = tasks.table.rows
    #expect(rows.count == 10)
    #expect(rows[9][0].shown == "mean")
    #expect(rows[0].map(\.isBest) == [false, false, true, false])
    #expect(tasks.table.columns[3].title == "MiniPLM 200M (published)")
    tasks.models[0].scores["PIQA"] = nil
    #expect(tasks.table.rows[9][1].shown == "-")
    let mean = try #require(tasks.models[1].mean(of: ["HellaSwag", "LAMBADA"]))
    #expect(abs(mean.value - (0.327 + 0.327 + 0.14) / 2) < 1e-12)
    #expect(
      abs((mean.standardError ?? 0) - (0.004 * 0.004 + 0.006 * 0.006).squareRoot() / 2) < 1e-12)
  }
}

@Suite struct ReportFolderTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/reports-\(UUID())"

  private func document(_ title: String) -> ReportDocument {
    ReportDocument(
      title: title,
      sections: [
        ReportSection(
          "Tables",
          [
            .paragraph("1. not a list"),
            .table(Examples.tasks().table, file: "tasks.csv"),
            .picture(svg: Examples.bars().svg, file: "bars.svg", words: "bars [of] sources"),
          ])
      ], attachments: ["report.json": "{}\n"])
  }

  @Test func aReportOfOursIsReplacedAndNothingElse() throws {
    try Folder.make(folder)
    defer { try? Folder.remove(folder) }
    let place = folder + "/out"
    try ReportFolder.write(document("one"), to: place)
    #expect(
      try Folder.list(place)
        == ["README.md", "bars.svg", "manifest.json", "report.json", "tasks.csv"])
    let first = try String(contentsOfFile: place + "/README.md", encoding: .utf8)
    #expect(first.hasPrefix("# one\n\n## Tables\n\n1\\. not a list\n\n| task"))
    #expect(first.contains("![bars \\[of\\] sources](bars.svg)"))
    try ReportFolder.requirePlace(try OutputPath(folder: place, isPublished: true))
    try ReportFolder.write(document("two"), to: place)
    #expect(try String(contentsOfFile: place + "/README.md", encoding: .utf8).hasPrefix("# two"))
    #expect(try Folder.list(folder) == ["out"])
    // A person's own file in it, or a folder of another kind.
    try AtomicFile.write(text: "mine", to: place + "/notes.txt")
    #expect(throws: StoreError.self) {
      try ReportFolder.requirePlace(try OutputPath(folder: place))
    }
    try Folder.make(folder + "/other")
    try AtomicFile.write(text: "{}", to: folder + "/other/manifest.json")
    #expect(throws: StoreError.self) {
      try ReportFolder.requirePlace(try OutputPath(folder: folder + "/other"))
    }
  }
}
