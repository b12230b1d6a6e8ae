import Foundation
import Testing

/// `select --list`: chunks by a filter.
@Suite struct SelectListTests {
  private func list(_ filter: String, _ more: [String] = []) throws -> [[String: Any]] {
    let work = try TinyWork.shared.get()
    let outcome = try Program.succeed(
      [
        "select", "--scores", "scores", "--shards", "shards", "--list", filter, "--json", "--quiet",
      ] + more, in: work.path)
    return try outcome.lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func rowsAreThoseOfTheFilter() throws {
    let all = try list("")
    #expect(all.count > 100)
    #expect(all.compactMap { $0["chunk"] as? Int } == Array(0..<all.count))
    let kept = try list("kept")
    #expect(kept.count == all.count / 2)
    #expect(kept.allSatisfy { $0["state"] as? String == "keptByScore" })
    #expect(try list("dropped").count == all.count - kept.count)
    let few = try list("kept", ["--ratio", "0.1"])
    #expect(few.count == Int(0.1 * Double(all.count)))
    let code = try list("source:code dropped d<0 tokens>20")
    #expect(!code.isEmpty)
    for row in code {
      #expect(row["source"] as? String == "code" && row["kept"] as? Bool == false)
      #expect(try #require(row["difference"] as? Double) < 0)
      #expect(try #require(row["tokens"] as? Int) > 20)
      #expect(row["text"] == nil)
    }
    #expect(try list("source:code", ["--limit", "3"]).count == 3)
  }

  @Test func textIsFoundWithTheTokenizer() throws {
    let rows = try list("\"river runs\" -\"stone\"", ["--tokenizer", "tok"])
    #expect(!rows.isEmpty)
    for row in rows {
      let text = try #require(row["text"] as? String)
      #expect(text.contains("river runs") && !text.contains("stone"))
    }
    let found = try list("/river +runs/", ["--tokenizer", "tok"])
    #expect(found.count >= rows.count)
  }

  @Test func peopleGetARowALine() throws {
    let work = try TinyWork.shared.get()
    let outcome = try Program.succeed(
      [
        "select", "--scores", "scores", "--shards", "shards", "--tokenizer", "tok", "--list",
        "kept", "--limit", "2", "--quiet",
      ], in: work.path)
    #expect(outcome.lines.count == 2)
    for line in outcome.lines {
      let cells = line.split(separator: "\t")
      #expect(cells.count == 6 && cells[4] == "keptByScore", "\(line)")
    }
  }

  @Test(arguments: [
    ("--list 'kept lengthy>3' --shards shards", "column 6: there is no field lengthy"),
    ("--list 'noted' --shards shards", "there is no field noted"),
    ("--list '\"a\"' --shards shards", "add --tokenizer"),
    ("--list kept", "add --shards"), ("--limit 3", "go with --list"),
    ("--list $'\"caf\\xe9\"' --shards shards --tokenizer tok", "not UTF-8"),
    ("--list '/(/' --shards shards --tokenizer tok", "missing )"),
  ])
  func whatCannotBeIsRefused(arguments: String, words: String) throws {
    let outcome = try Program.shell(
      "\"$MINIPLM\" select --scores scores \(arguments)", in: TinyWork.shared.get().path)
    #expect([2, 3].contains(outcome.status) && outcome.output.isEmpty, "\(outcome.status)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func scoresOfOtherShardsAreRefused() throws {
    let outcome = try Program.run(
      ["select", "--scores", "scores", "--shards", "held", "--list", ""],
      in: TinyWork.shared.get().path)
    #expect(outcome.status == 3 && outcome.errors.contains("held"), "\(outcome.errors)")
  }
}
