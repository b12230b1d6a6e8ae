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
    let named = TextFields(text: "other", source: "meta.kind", isStrict: true)
    let options = try named.options(for: [file], watcher.work)
    #expect(options.textField == "other" && options.sourceField == "meta.kind" && options.strict)
    #expect(watcher.notes.isEmpty)
    // One name leaves the other to the lines.
    let half = try TextFields(text: "other").options(for: [file], watcher.work)
    #expect(half.textField == "other" && half.sourceField == "category")
  }

  @Test func unclearFieldsAreAnError() throws {
    let line = "{\"one\": \"some words\", \"two\": \"more words\"}\n"
    try AtomicFile.write(text: String(repeating: line, count: 5), to: file)
    #expect(throws: CorpusError.self) { try TextFields().options(for: [file], Work()) }
  }
}
