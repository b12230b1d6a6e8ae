import Store
import Testing

@Suite("JSON documents")
struct JSONDocumentTests {
  /// A document written again, strings and numbers as they are kept.
  private func written(_ document: JSONDocument, _ value: JSONDocument.Value) -> String {
    switch value {
    case .null: return "null"
    case .bool(let flag): return "\(flag)"
    case .number(let range): return document.string(range)
    case .string(let range): return "\"\(document.string(range))\""
    case .array(let list):
      return "["
        + document.elements(of: list).map { written(document, $0) }.joined(separator: ",") + "]"
    case .object(let list):
      let members = document.members(of: list).map {
        "\"\(document.string($0.name))\":" + written(document, $0.value)
      }
      return "{" + members.joined(separator: ",") + "}"
    }
  }

  @Test(
    "Values, their order, equal names and the spelling of numbers are kept",
    arguments: [
      (" { } ", "{}"), ("[]\n", "[]"), ("[[],{},[[]]]", "[[],{},[[]]]"),
      ("[ true , false,null ]", "[true,false,null]"),
      (#"{"b": 1, "a": 2, "b": [3]}"#, #"{"b":1,"a":2,"b":[3]}"#),
      (
        "[0, -0, 1.50, 1E+2, -2e-3, 123456789012345678901234567890, 1e999]",
        "[0,-0,1.50,1E+2,-2e-3,123456789012345678901234567890,1e999]"
      ),
      (#"["\u0041\n\ud83d\ude00\"", "é", "a/b\/"]"#, "[\"A\n😀\"\",\"é\",\"a/b/\"]"),
      (#"{"\u0061": {"b": {"c": [{"d": "e"}]}}, "": 0}"#, #"{"a":{"b":{"c":[{"d":"e"}]}},"":0}"#),
    ])
  func values(text: String, expected: String) throws {
    let document = try JSONDocument(parsing: Array(text.utf8))
    #expect(written(document, document.root) == expected)
  }

  @Test("Pairs are arrays of two")
  func pairs() throws {
    let document = try JSONDocument(parsing: Array(#"[[1],["a",["b"]],[1,2,3]]"#.utf8))
    guard case .array(let outer) = document.root else {
      Issue.record("no array")
      return
    }
    let lists = document.elements(of: outer).compactMap {
      if case .array(let list) = $0 { list } else { nil }
    }
    #expect(lists.map(\.count) == [1, 2, 3])
    #expect(document.pair(of: lists[0]) == nil && document.pair(of: lists[2]) == nil)
    let pair = try #require(document.pair(of: lists[1]))
    #expect(written(document, pair.first) == "\"a\"" && written(document, pair.second) == "[\"b\"]")
  }

  @Test(
    "What is no JSON names its place and why",
    arguments: [
      ("", 0, "it is empty"), ("[1,", 3, nil), ("{\"a\":1}x", 7, nil), ("{} {}", 3, nil),
      ("{\"a\":1,}", 7, nil), ("[1,]", 3, nil), ("[1 2]", 3, nil), ("{\"a\" 1}", 5, nil),
      ("{'a':1}", 1, nil), ("{\"a\":tru}", 5, nil), ("{\"a\":nulll}", 5, nil),
      ("[01]", 1, "expected a number"), ("[1.]", 1, "expected a number"),
      ("[+1]", 1, nil), ("[NaN]", 1, nil), ("[\"\\x\"]", 1, nil),
      ("[\"\\ud800\"]", 1, "a wrong escape, or half of a surrogate pair"), ("[\"\\u12\"]", 1, nil),
      ("[\"a]", 4, "a string without an end"), ("[\"\n\"]", 0, "a control character in a string"),
      ("null", 0, "expected an object or a list"), ("\u{FEFF}{}", 0, "a byte order mark"),
    ] as [(String, Int, String?)])
  func failures(text: String, offset: Int, reason: String?) throws {
    do throws(JSONDocument.Failure) {
      _ = try JSONDocument(parsing: Array(text.utf8))
      Issue.record("taken")
    } catch {
      // A parser that reads ahead may stand a token or two behind the fault.
      #expect(abs(error.offset - offset) <= 3, "\(error.offset) for \(text): \(error.reason)")
      if let reason { #expect(error.reason == reason, "\(text)") }
    }
  }

  @Test("Bytes that are not UTF-8, and nesting without end, are errors")
  func hostile() {
    for bytes in [[0x5B, 0x22, 0xFF, 0x22, 0x5D], [UInt8](repeating: 0x5B, count: 200_000)] {
      #expect(throws: JSONDocument.Failure.self) { _ = try JSONDocument(parsing: bytes) }
    }
    let open = String(repeating: "[", count: 64)
    let close = String(repeating: "]", count: 64)
    #expect(throws: Never.self) { _ = try JSONDocument(parsing: Array((open + close).utf8)) }
    #expect(throws: JSONDocument.Failure.self) {
      _ = try JSONDocument(parsing: Array(("[" + open + close + "]").utf8))
    }
  }
}
