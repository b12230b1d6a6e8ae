import Engine
import Foundation
import FoundationXML
import Pipeline
import Store
import Testing

/// Reports on projects in every state.
@Suite(.serialized) struct ReportTests {
  private func report(_ project: TinyProject, _ name: String) throws -> [String: String] {
    let place = project.root + "/" + name
    let result = try ProjectReport(project: project.folder).run(into: place, Work())
    #expect(result.files.sorted() == (try Folder.list(place)))
    var files: [String: String] = [:]
    for name in result.files {
      files[name] = try String(contentsOfFile: place + "/" + name, encoding: .utf8)
    }
    return files
  }

  @Test func aWholeProjectHasAllSections() async throws {
    let project = try TinyProject()
    var settings = project.settings
    // Enough points for a law.
    settings.student.training.evaluations = 6
    try await project.run((project.folder, settings))
    let files = try report(project, "report")
    let text = try #require(files["README.md"])
    for title in [
      "Project", "Selection", "Training", "Comparison", "Scaling law", "Computation", "Files",
    ] {
      #expect(text.contains("\n## \(title)\n"), "no section \(title)")
    }
    // What the text shows is there, and the other way round.
    for name in files.keys where name.hasSuffix(".svg") || name.hasSuffix(".csv") {
      #expect(text.contains("(\(name))"), "\(name) is not shown")
    }
    for (name, svg) in files where name.hasSuffix(".svg") {
      #expect(XMLParser(data: Data(svg.utf8)).parse(), "\(name) is no XML")
      #expect(!svg.contains("no data"), "\(name) is empty")
      #expect(svg.utf8.count < 200_000)
    }
    for name in [
      "training-loss.svg", "held-out-loss.svg", "difference-histogram.svg", "teacher-reference.svg",
      "keep-rates.svg", "comparison.svg",
    ] {
      #expect(files[name] != nil, "no \(name)")
    }
    // Both doors write the same.
    for (name, content) in files {
      #expect(
        project.data("report/0001-r0.50/\(name)").map { String(decoding: $0, as: UTF8.self) }
          == content, "\(name) differs from the stage's")
    }
    // The CSV has the digits of the record.
    let record = try JSONSerialization.jsonObject(
      with: Data(try #require(files["report.json"]).utf8))
    let comparison = (record as? [String: Any])?["comparison"] as? [String: Any]
    let mean = try #require((comparison?["chunkMean"] as? [String: Any])?["delta"] as? Double)
    #expect(try #require(files["comparison.csv"]).contains("\(mean)"))
    // No place of this machine.
    #expect(!files.values.contains { $0.contains(project.root) })
    if let copy = ProcessInfo.processInfo.environment["MINIPLM_PICTURES"] {
      try? FileManager.default.removeItem(atPath: copy + "/report")
      try FileManager.default.copyItem(
        atPath: project.root + "/report", toPath: copy + "/report")
    }
    // Less and less of it.
    for gone in ["report", "runs/0001-r0.50", "models", "commits", "scores", "runs", "shards"] {
      try Folder.remove(project.folder + "/" + gone)
      let less = try report(project, "report")
      #expect(try #require(less["README.md"]).contains("not finished"), "without \(gone)")
      #expect(less["comparison.csv"] == nil)
      #expect(less.count <= files.count)
    }
  }

  @Test func resultsOfTasksAreShownItemByItem() async throws {
    let project = try TinyProject()
    try JSONFile.write(project.settings, to: project.root + "/project.json")
    // A commit of which the students are compared, and a model that the project does not know.
    try Folder.make(project.root + "/commits/0001-r0.50")
    try AtomicFile.write(
      text: "{}", to: project.root + "/commits/0001-r0.50/manifest.json")
    for (model, right) in [("0001-r0.50-A-uniform", 4), ("0001-r0.50-B-refined", 7), ("x-1", 10)] {
      let folder = project.root + "/evaluations/tasks/" + model
      try Folder.make(folder)
      let share = Double(right) / 10
      let error = (share * (1 - share) / 9).squareRoot()
      try AtomicFile.write(
        text: """
          {"result": {"task": "piqa", "items": 10, "acc": \(share), "acc_norm": \(share), \
          "acc_stderr": \(error), "acc_norm_stderr": \(error)}, "precision": "f32", \
          "version": "0.4.13"}
          """, to: folder + "/piqa.json")
      let lines = (0..<10).map { index in
        let value = index < right ? 1 : 0
        return """
          {"task": "piqa", "id": "\(index)", "index": \(index), "gold": 0, "tokens": [1, 1], \
          "log_probabilities": [-1, -2], "is_greedy": [false, false], "predicted": 0, \
          "predicted_norm": 0, "acc": \(value), "acc_norm": \(value)}
          """
      }
      try AtomicFile.write(
        text: lines.joined(separator: "\n") + "\n", to: folder + "/piqa.jsonl")
    }
    try AtomicFile.write(
      text: "no JSON", to: project.root + "/evaluations/tasks/x-1/arc_easy.json")
    let place = project.root + "/out"
    let report = try ProjectReport(project: project.root, quotesPublished: true)
    _ = try report.run(into: place, Work())
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: place + "/" + name, encoding: .utf8)
    }
    let paired = try text("tasks-paired.csv").split(separator: "\r\n")
    // Three items more of ten: 30 points; B alone is right on three, A on none.
    #expect(paired.count == 2)
    let cells = paired[1].split(separator: ",")
    #expect(cells[0] == "PIQA" && cells[1] == "10" && cells[6] == "3" && cells[7] == "0")
    #expect(Double(cells[4]).map { abs($0 - 30) < 1e-9 } == true)
    #expect(try text("tasks.csv").hasPrefix("task,"))
    #expect(try text("README.md").contains("PIQA 10 of 1,838"))
    let beside = try text("tasks-published.csv")
    #expect(beside.contains("published: 200M MiniPLM,63.3"))
    #expect(beside.contains("x-1,"))
  }

  @Test func aFolderOfAnotherKindIsLeftAlone() async throws {
    let project = try TinyProject()
    try JSONFile.write(project.settings, to: project.root + "/project.json")
    try Folder.make(project.root + "/mine")
    try AtomicFile.write(text: "mine", to: project.root + "/mine/notes.txt")
    let report = try ProjectReport(project: project.root, quotesPublished: true)
    #expect(throws: StoreError.self) { try report.run(into: project.root + "/mine", Work()) }
    #expect(try Folder.list(project.root + "/mine") == ["notes.txt"])
    let result = try report.run(into: project.root + "/new", Work())
    #expect(result.files.contains("published-accuracy.csv"))
    #expect(throws: EngineError.self) {
      try ProjectReport(project: project.root, commit: "0007-r0.10")
    }
    #expect(throws: StoreError.self) { try ProjectReport(project: project.root + "/mine") }
  }
}
