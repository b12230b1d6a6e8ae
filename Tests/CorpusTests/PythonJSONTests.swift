import Corpus
import Foundation
import Store
import Testing

/// Odd lines beside Python's json, with which the published packer reads.
@Suite("JSON lines as Python reads them")
struct PythonJSONTests {
  struct Case: Decodable {
    let line: String
    let text: String?
    let reason: String?

    /// Runs stand as "hex*count", parts are joined by "+".
    var bytes: [UInt8] {
      line.split(separator: "+").flatMap { part -> [UInt8] in
        let pieces = part.split(separator: "*")
        let count = pieces.count > 1 ? Int(pieces[1]) ?? 0 : 1
        let unit = CorpusTests.bytes(hex: String(pieces[0]))
        return (0..<count).flatMap { _ in unit }
      }
    }
  }

  static func cases() throws -> [Case] {
    let url = try #require(
      Bundle.module.url(forResource: "json_lines", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
  }

  /// Where we differ on purpose; nil where we must not.
  static func deviation(_ sample: Case, _ reason: RejectReason?) -> String? {
    let line = sample.bytes
    if sample.reason == "parse", line.filter({ $0 == UInt8(ascii: "9") }).count == 5000 {
      return "Python refuses whole numbers of more than 4300 digits"
    }
    if sample.text != nil, reason == .badString {
      return "half of a surrogate pair is a reject in every field, not in the text alone"
    }
    if sample.text?.isEmpty == true { return "an empty text is a reject, unless it is asked for" }
    return nil
  }

  @Test("Every line is taken or rejected as Python does, with the same text, but for what is named")
  func verdicts() throws {
    let scratch = try ScratchFolder()
    let cases = try Self.cases()
    #expect(cases.count > 1000)
    // Behind a first line: a byte order mark is passed over there, and the layout judged.
    let path = try scratch.write(
      Array("{}\n".utf8) + cases.flatMap { $0.bytes + [0x0A] }, to: "a.jsonl")
    var settings = CorpusSettings()
    settings.packing.emitsRemainders = true
    _ = try CorpusBuilder(inputs: [path], settings: settings, tokenizer: ByteTokenizer())
      .build(into: scratch.path + "/packed")
    let table = try DocumentTable(folder: scratch.path + "/packed")
    var texts: [Int: [UInt8]] = [:]
    for document in try documents(CorpusReader(inputs: [path])) {
      texts[try table.record(of: document.id).line] = document.text
    }
    var reasons: [Int: RejectReason] = [:]
    for reject in try JSONLinesLog.read(Reject.self, from: scratch.path + "/packed/rejects.jsonl") {
      reasons[reject.line] = reject.reason
    }
    #expect(reasons[1] == .missingText)
    var deviations: [String: Int] = [:]
    for (number, sample) in cases.enumerated() {
      let line = number + 2
      let ours = texts[line]
      if ours == sample.text.map({ CorpusTests.bytes(hex: $0) }) { continue }
      guard let why = Self.deviation(sample, reasons[line]) else {
        Issue.record(
          """
          \(String(decoding: sample.bytes.prefix(90), as: UTF8.self)): Python \
          \(sample.reason ?? "takes it"), here \(reasons[line]?.rawValue ?? "taken")
          """)
        continue
      }
      deviations[why, default: 0] += 1
    }
    #expect(deviations.count == 3, "\(deviations)")
  }

  @Test("A text that is NaN is no string; one beside NaN is taken, by the field guess too")
  func constants() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(
      "{\"body\": \"a\", \"score\": NaN}\n{\"body\": NaN}\n{\"score\": [-Infinity, Infinity], \"body\": \"b\"}\n",
      to: "a.jsonl")
    let guess = try #require(try FieldGuess.guess(inputs: [path]))
    #expect(guess.text == "body" && guess.lines == 3)
    var options = ReaderOptions()
    options.textField = "body"
    let log = try RejectLog()
    let all = try documents(CorpusReader(inputs: [path], options: options, rejects: log))
    #expect(all.map(\.string) == ["a", "b"])
    #expect(log.counts == [.textNotString: 1])
  }
}
