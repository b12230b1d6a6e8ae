import Foundation
import FoundationXML
import Testing

/// `report` on a project that is done: a folder that a hosting site shows as it is, and what it refuses.
@Suite(.serialized) struct ReportCommandTests {
  /// A project from text to comparison, with a task, made by the commands themselves.
  private static let project = Result {
    let work = try TinyWork.shared.get()
    let rows = (0..<12).map {
      "{\"goal\": \"\(TinyWork.text($0).prefix(40))\", \"sol1\": \"the river\", "
        + "\"sol2\": \"a stone\", \"label\": \($0 % 2)}\n"
    }
    try work.write(rows.joined(), to: "report-piqa.jsonl")
    for arguments in [
      [
        "init", "reported", "--corpus", "corpus.jsonl", "--held-out", "held.jsonl", "--tokenizer",
        "tok", "--teacher", "teacher", "--reference", "reference", "--max-length", "33", "--task",
        "piqa=report-piqa.jsonl",
      ], ["run", "reported", "--waive", "teacher", "-q"],
    ] {
      let outcome = try Program.run(arguments, in: work.path)
      if outcome.status != 0 {
        throw TinyWork.Failure(text: "\(arguments): \(outcome.errors)")
      }
    }
    return work.path + "/reported"
  }

  let project: String
  let place: Workplace

  init() throws {
    project = try Self.project.get()
    place = try Workplace()
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try #require(place.data(name)), as: UTF8.self)
  }

  /// What stands in brackets behind a text in brackets.
  private static func links(_ markdown: String) -> [String] {
    markdown.components(separatedBy: "](").dropFirst().compactMap {
      $0.components(separatedBy: ")").first
    }
  }

  /// Cells of every row; no name here has a quotation mark or a line end in it.
  private static func cells(_ csv: String) -> [[String]] {
    csv.components(separatedBy: "\r\n").filter { !$0.isEmpty }.map { line in
      // Commas are borders only outside quotation marks: in every other piece.
      line.components(separatedBy: "\"").enumerated().reduce([""]) { cells, piece in
        var parts =
          piece.offset % 2 == 0 ? piece.element.components(separatedBy: ",") : [piece.element]
        let first = parts.removeFirst()
        return cells.dropLast() + [(cells.last ?? "") + first] + parts
      }
    }
  }

  @Test func aFolderThatAHostingSiteShows() throws {
    let outcome = try Program.succeed(
      ["report", project, "-o", "out", "--json", "-q"], in: place.path)
    let result = try #require(try outcome.json() as? [String: Any])
    let files = try #require(result["files"] as? [String])
    #expect(files.sorted() == place.names("out"))
    #expect((result["path"] as? String)?.hasSuffix("out") == true)
    #expect(
      Set(files.compactMap { $0.split(separator: ".").last }).isSuperset(of: ["md", "csv", "svg"]))
    let sections = try #require(result["sections"] as? [String])
    for title in ["Project", "Selection", "Training", "Comparison", "Computation"] {
      #expect(sections.contains(title), "\(sections)")
    }
    let markdown = try text("out/README.md")
    let links = Self.links(markdown)
    for link in links { #expect(files.contains(link), "\(link) is not there") }
    for name in files where name.hasSuffix(".svg") || name.hasSuffix(".csv") {
      #expect(links.contains(name), "\(name) is not shown")
    }
    for name in files where name.hasSuffix(".svg") {
      let svg = try #require(place.data("out/\(name)"))
      #expect(XMLParser(data: svg).parse(), "\(name) is no XML")
      #expect(String(decoding: svg.prefix(4), as: UTF8.self) == "<svg", "\(name)")
    }
    for name in files where name.hasSuffix(".csv") {
      let widths = Set(Self.cells(try text("out/\(name)")).map(\.count))
      #expect(widths.count == 1, "\(name) has rows of \(widths.sorted()) cells")
    }
    // It may be read anywhere.
    for name in files { #expect(!(try text("out/\(name)").contains(project)), "\(name)") }
    #expect(!markdown.lowercased().contains("published:"))
  }

  @Test func publishedRowsAreMarked() throws {
    try Program.succeed(["report", project, "-o", "plain", "-q"], in: place.path)
    try Program.succeed(["report", project, "-o", "out", "--published", "-q"], in: place.path)
    let added = Set(place.names("out")).subtracting(place.names("plain"))
    #expect(
      added.isSuperset(of: [
        "published-accuracy.csv", "published-families.csv", "published-loss.csv",
      ]))
    // Everything else is what it was: no number of ours changes for them.
    for name in place.names("plain") where name.hasSuffix(".csv") {
      #expect(place.data("plain/\(name)") == place.data("out/\(name)"), "\(name)")
    }
    for name in added.sorted() where name.hasSuffix(".csv") {
      let rows = Self.cells(try text("out/\(name)"))
      let isMarked = rows[0][0].hasPrefix("published: ")
      let quoted = rows.dropFirst().filter { $0[0].hasPrefix("published: ") }
      #expect(isMarked || !quoted.isEmpty, "\(name) does not say that it is quoted")
    }
    let markdown = try text("out/README.md")
    #expect(markdown.contains("quoted from the MiniPLM paper"))
    // Of every line with one of its figures the table or the row says whose they are.
    var heading: Substring = ""
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if !line.hasPrefix("|") { heading = "" }
      if line.hasPrefix("|"), heading.isEmpty { heading = line }
      guard line.contains("MiniPLM "), line.hasPrefix("|") else { continue }
      #expect(heading.contains("published") || line.contains("published"), "\(line)")
    }
  }

  @Test func anEarlierReportIsReplacedAndAnythingElseKept() throws {
    try Program.succeed(["report", project, "-o", "out", "--published", "-q"], in: place.path)
    try Program.succeed(["report", project, "-o", "out", "-q"], in: place.path)
    #expect(!place.exists("out/published-accuracy.csv"))
    try place.write("mine", to: "out/notes.txt")
    let outcome = try Program.run(["report", project, "-o", "out"], in: place.path)
    #expect(outcome.status == 3 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("notes.txt"), "\(outcome.errors)")
    #expect(place.data("out/notes.txt") == Data("mine".utf8))
    #expect(place.exists("out/README.md"))
    try FileManager.default.createDirectory(
      atPath: place.path + "/mine", withIntermediateDirectories: true)
    try place.write("mine", to: "mine/notes.txt")
    let other = try Program.run(["report", project, "-o", "mine"], in: place.path)
    #expect(other.status == 3 && other.output.isEmpty)
    #expect(place.names("mine") == ["notes.txt"])
  }

  @Test func whatIsNoProjectIsRefused() throws {
    for (arguments, status, words) in [
      ([place.path], 2, "project.json"), ([place.path + "/none"], 2, "project.json"),
      ([project, "--commit", "0007-r0.10"], 2, "0001-r0.50"),
    ] as [([String], Int32, String)] {
      let outcome = try Program.run(["report"] + arguments + ["-o", "out"], in: place.path)
      #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      #expect(!place.exists("out"))
    }
  }

  /// A project is reported on in any state.
  @Test func oneThatHasDoneNothingYet() throws {
    let work = try TinyWork.shared.get()
    try Program.succeed(
      [
        "init", place.path + "/new", "--corpus", "corpus.jsonl", "--tokenizer", "tok", "--teacher",
        "teacher", "--reference", "reference",
      ], in: work.path)
    let outcome = try Program.succeed(["report", "new", "-o", "out"], in: place.path)
    #expect(outcome.output.hasPrefix("report: "))
    #expect(try text("out/README.md").contains("not finished"))
  }
}
