import Corpus
import Pipeline
import Store
import Testing

@Suite struct TextFieldsTests {
  private let inputs: TextInputs
  private let file: String

  init() throws {
    inputs = try TextInputs()
    file = inputs.path("texts.jsonl")
    let line = "{\"content\": \"some words\", \"category\": \"prose\", \"other\": \"more words\"}\n"
    try AtomicFile.write(text: String(repeating: line, count: 5), to: file)
  }

  @Test func theFirstLinesDecideWhatNobodyNames() throws {
    let watcher = Watcher()
    let options = try TextFields().options(for: [file], watcher.work)
    #expect(options.textField == "content" && options.sourceField == "category")
    #expect(watcher.notes.count == 1 && watcher.notes[0].level == .info)
    #expect(watcher.notes[0].text.contains("text field content"))
  }

  @Test func namesAreTaken() throws {
    let watcher = Watcher()
    let named = TextFields(text: "other", source: "category", isStrict: true)
    let options = try named.options(for: [file], watcher.work)
    #expect(options.textField == "other" && options.sourceField == "category" && options.strict)
    #expect(watcher.notes.isEmpty)
    // One name leaves the other to the lines.
    let half = try TextFields(text: "other").options(for: [file], watcher.work)
    #expect(half.textField == "other" && half.sourceField == "category")
  }

  @Test func namesThatNoLineHasAreAnError() throws {
    for fields in [TextFields(text: "meta.kind"), TextFields(source: "meta.kind")] {
      let error = #expect(throws: CorpusError.self) { try fields.options(for: [file], Work()) }
      guard case .noSuchField(file, "meta.kind", _, 5, let others) = error else {
        Issue.record("a name of nothing gave \(String(describing: error))")
        continue
      }
      #expect(others.count == 3)
    }
    for text in ["", "other,", "other,other"] {
      #expect(throws: PipelineError.self) {
        try TextFields(text: text).options(for: [file], Work())
      }
    }
  }

  @Test func aNamedListOfStringsIsRefusedWithTheCommand() throws {
    let line = "{\"turns\": [\"one\", \"two\"], \"id\": 1}\n"
    try AtomicFile.write(text: String(repeating: line, count: 5), to: file)
    let error = #expect(throws: CorpusError.self) {
      try TextFields(text: "turns").options(for: [file], Work())
    }
    #expect(error?.message.contains("turns is a list of strings") ?? false)
    #expect(error?.hint.contains("jq -c '(.turns | arrays) |= join(\"\\n\\n\")'") ?? false)
  }

  @Test func aNameWithABackslashIsCounted() throws {
    let watcher = Watcher()
    let line = "{\"doc.text\": \"some words\", \"doc\": {\"text\": 7}}\n"
    try AtomicFile.write(text: String(repeating: line, count: 5), to: file)
    _ = try TextFields(text: "doc\\.text").options(for: [file], watcher.work)
    #expect(watcher.notes[0].text.contains("(in 5 of the first 5 lines"))
  }

  @Test func aCommaBehindABackslashBelongsToTheName() throws {
    let line = "{\"x,b\": \"some words\", \"b\": \"more words\"}\n"
    try AtomicFile.write(text: String(repeating: line, count: 5), to: file)
    let options = try TextFields(text: "x\\,b,b").options(for: [file], Work())
    #expect(options.textField == "x\\,b,b")
  }

  @Test func noneIsNone() throws {
    let watcher = Watcher()
    let options = try TextFields(source: "none").options(for: [file], watcher.work)
    #expect(options.sourceField == nil && watcher.notes[0].text.contains("source field none"))
    let line = "{\"text\": \"some words\", \"meta\": {}}\n"
    let late = "{\"text\": \"some words\", \"meta\": {\"pile_set_name\": \"late\"}}\n"
    try AtomicFile.write(text: String(repeating: line, count: 5) + late, to: file)
    let guessed = try TextFields().options(for: [file], watcher.work)
    #expect(guessed.sourceField == nil && watcher.notes[1].text.contains("source field none"))
    var reader = try CorpusReader(inputs: [file], options: guessed)
    while let document = try reader.next() { #expect(document.source == "unknown") }
    // What was written is read again: none is no missing setting.
    let text = try JSONFile.text(of: guessed)
    try AtomicFile.write(text: text, to: inputs.path("options.json"))
    let again = try JSONFile.read(ReaderOptions.self, from: inputs.path("options.json"))
    #expect(again == guessed)
  }

  @Test func unclearFieldsAreAnError() throws {
    let line = "{\"one\": \"some words\", \"two\": \"more words\"}\n"
    try AtomicFile.write(text: String(repeating: line, count: 5), to: file)
    #expect(throws: CorpusError.self) { try TextFields().options(for: [file], Work()) }
  }
}
