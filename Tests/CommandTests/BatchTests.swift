import Foundation
import Testing

/// `open --batch`: a selection is changed by a file, to the same selection and the same corpus.
@Suite struct BatchTests {
  private func project() throws -> Workplace {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    return place
  }

  private func batch(
    _ text: String, _ arguments: [String] = [], in place: Workplace
  ) throws -> Program.Outcome {
    try place.write(text, to: "changes.txt")
    return try Program.run(
      ["open", "project", "--batch", "changes.txt", "--quiet"] + arguments, in: place.path)
  }

  @Test func linesOfThePaletteChangeTheSelection() throws {
    let place = try project()
    let outcome = try batch(
      """
      # What the evening came to.
      ratio 40%
      pin A
      floor code 60

      {"command": "cap 40"}
      note #3 a list
      """, in: place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.lines.first?.hasPrefix("line 2: ratio") == true, "\(outcome.output)")
    #expect(outcome.output.contains("line 4: floor of code: none -> 60 %"), "\(outcome.output)")
    let recipe = String(decoding: place.data("project/recipe.jsonl") ?? Data(), as: UTF8.self)
    #expect(recipe.split(separator: "\n").last?.contains("\"teacherNLLCap\":40") == true)
    #expect(recipe.contains("\"pins\""))
    #expect(place.data("project/notes.jsonl") != nil)
    // The screen shows what the file chose.
    let shown = try Program.succeed(
      ["open", "project", "--once", "select", "--json"], in: place.path)
    let data = try #require(try shown.json() as? [String: Any])
    #expect((data["teacherNLLCap"] as? Double) == 40)
    let sources = try #require(data["sources"] as? [[String: Any]])
    #expect(sources.contains { $0["source"] as? String == "code" && $0["floor"] as? Double == 0.6 })
  }

  @Test func linesComeFromStandardInputToo() throws {
    let place = try project()
    let outcome = try Program.shell(
      "echo 'ratio 40%' | \"$MINIPLM\" open project --batch - --quiet", in: place.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("line 1: ratio 0.500 -> ratio 0.400"), "\(outcome.output)")
  }

  @Test func aRecipeGivesTheSameSelectionAndTheSameCorpus() throws {
    let (first, second) = (try project(), try project())
    let before = first.names("project/commits")
    let made = try batch("ratio 0.35\nflip 2\nfloor prose 0.5\ncommit\n", in: first)
    #expect(made.status == 0, "\(made.errors)")
    let recipe = try #require(first.data("project/recipe.jsonl"))
    let text = String(decoding: recipe, as: UTF8.self)
    let again = try batch(text + "{\"command\": \"commit\"}\n", in: second)
    #expect(again.status == 0, "\(again.errors)")
    #expect(second.data("project/recipe.jsonl") == recipe)
    let new = first.names("project/commits").filter { !before.contains($0) }
    #expect(new.count == 1 && second.names("project/commits").contains(new.first ?? ""))
    for name in first.names("project/commits/\(new.first ?? "")")
    where name.hasSuffix(".bin") || name.hasSuffix(".idx") || name == "selection.json" {
      let path = "project/commits/\(new.first ?? "")/\(name)"
      #expect(first.data(path) == second.data(path) && first.data(path) != nil, "\(name)")
    }
  }

  @Test(arguments: [
    ("ratio 0.3\nratio 1.3\n", 2, "1.3 is not"), ("ratio 0.3\n\nfloor nothing 0.5\n", 3, "nothing"),
    ("theme dark\n", 1, "is of screens"), ("{\"title\": 3}\n", 1, "expected a line of a recipe"),
    ("rank lowest-difference\nthreshold 0.2\n", 2, "give a ratio"),
    ("flip 100000\n", 1, "there is no chunk 100000"), ("recall B\n", 1, "nothing is pinned as B"),
    ("note words\n", 1, "a note needs its chunk"), ("ratio 0.3 \"\n", 1, "nothing is expected"),
  ])
  func mistakesAreNamedByTheirLineAndNothingIsDone(
    _ text: String, _ line: Int, _ words: String
  ) throws {
    let place = try project()
    let before = place.data("project/recipe.jsonl")
    let outcome = try batch(text, in: place)
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(outcome.errors.contains("changes.txt, line \(line): "), "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(place.data("project/recipe.jsonl") == before)
  }

  @Test func aDryRunWritesNothing() throws {
    let place = try project()
    let before = place.data("project/recipe.jsonl")
    let commits = place.names("project/commits")
    let outcome = try batch("ratio 0.2\ncommit\n", ["--dry-run", "--json"], in: place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let data = try #require(try outcome.json() as? [String: Any])
    #expect(data["dryRun"] as? Bool == true && data["ratio"] as? Double == 0.2)
    #expect(place.data("project/recipe.jsonl") == before)
    #expect(place.names("project/commits") == commits)
  }

  @Test func optionsThatDoNotGoTogetherAreRefused() throws {
    let place = try project()
    for arguments in [
      ["--dry-run"], ["--batch", "x", "--once"], ["--batch", "x", "--script", "y"],
    ] {
      let outcome = try Program.run(["open", "project"] + arguments, in: place.path)
      #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
    }
  }
}
