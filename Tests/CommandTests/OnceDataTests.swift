import Foundation
import Testing

/// `open --once SCREEN --json`: every screen gives what it shows under the documented names, and
/// `--csv` and `--svg` write it.
@Suite struct OnceDataTests {
  /// Names that scripts rely on, by screen.
  static let names: [(screen: String, names: [String])] = [
    (
      "corpus",
      [
        "path", "documents", "chunks", "tokens", "rejectedLines", "maximumLength", "tokenizer",
        "duplicateShare", "nearDuplicateShare", "facts", "sources", "list", "selected",
      ]
    ),
    ("models", ["models", "checks", "precision", "runs", "curves", "available"]),
    (
      "score",
      [
        "done", "total", "mean", "median", "deviation", "minimum", "maximum", "negativeShare",
        "nonFinite", "ratio", "threshold", "thresholdBand", "teacherTokensPerSecond",
        "referenceTokensPerSecond", "elapsed", "eta", "blocksDone", "blocks", "histogram",
        "remarks", "density", "sources", "latest",
      ]
    ),
    (
      "select",
      [
        "ratio", "ranking", "threshold", "totalChunks", "keptChunks", "totalTokens", "keptTokens",
        "entropyOfAll", "entropyOfKept", "meanDifference", "teacherNLLCap", "manualKept",
        "manualDropped", "complete", "undo", "redo", "sources", "labels", "pins", "border",
        "selected", "histogram",
      ]
    ),
    (
      "chunk",
      [
        "index", "source", "tokens", "difference", "kept", "manual", "capped", "label", "bytes",
        "rank", "scored", "threshold", "teacherLogProbability", "referenceLogProbability", "text",
        "pieces",
      ]
    ),
    (
      "commit",
      [
        "state", "fraction", "name", "commitFolder", "ratio", "keptChunks", "keptTokens",
        "manualKept", "manualDropped", "freeBytes", "shared", "added", "removed", "files",
        "earlier", "card",
      ]
    ),
    (
      "train",
      [
        "latestDifference", "latestInterval", "tokenShareToReach", "runs", "curves", "difference",
        "events",
      ]
    ),
    (
      "compare",
      [
        "a", "b", "report", "sources", "all", "intervalsOver", "curveChunks", "runs", "curves",
        "labels", "findings", "fit",
      ]
    ),
    (
      "evaluate",
      [
        "reading", "models", "tasks", "scores", "means", "comparison", "limit", "release",
        "precision", "notes", "items",
      ]
    ),
  ]

  @Test func everyScreenGivesItsNames() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    #expect(Self.names.count == 9)
    for (screen, names) in Self.names {
      let outcome = try Program.succeed(
        ["open", "project", "--once", screen, "--json"], in: place.path)
      #expect(outcome.lines.count == 1, "\(screen)")
      let data = try #require(try outcome.json() as? [String: Any])
      for name in ["screen", "project", "folder"] + names {
        #expect(data[name] != nil, "\(screen): no \(name)")
      }
      #expect(data["screen"] as? String == screen)
    }
  }

  @Test func figuresAreNumbers() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    let outcome = try Program.succeed(
      ["open", "project", "--once", "select", "--json"], in: place.path)
    let data = try #require(try outcome.json() as? [String: Any])
    #expect(data["ratio"] as? Double == 0.5)
    let sources = try #require(data["sources"] as? [[String: Any]])
    let kept = sources.compactMap { $0["keptChunks"] as? Int }.reduce(0, +)
    #expect(kept == data["keptChunks"] as? Int && kept > 0)
  }

  /// Steps of scripts and the lines of recipes stand where people look for them.
  @Test func theHelpNamesEveryStep() throws {
    let help = try Program.run(["open", "--help"]).output.split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    for words in [
      "keys ", "type WORDS", "click COLUMN ROW", "drag COLUMN ROW COLUMN ROW", "wheel up|down",
      "resize COLUMNS ROWS", "wait text WORDS", "wait idle", "wait frames N", "wait seconds S",
      "assert-text WORDS", "save-screen NAME", "quit", "--batch", "--dry-run", "--once", "--json",
      "--csv", "--svg", "--script",
    ] {
      #expect(help.contains(words), "\(words)")
    }
  }
}
