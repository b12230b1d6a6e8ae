import DifferenceSampling
import LanguageModels
import Pipeline
import Store
import Testing

@Suite struct SelectTests {
  let inputs: ScoredInputs

  init() throws {
    inputs = try ScoredInputs()
    try inputs.score()
  }

  @Test func theTableIsFoundByItsFolderOrItsFile() throws {
    let settings = SelectionSettings(rule: .ratio(0.25))
    let byFolder = try Select(scores: inputs.scores, settings: settings).run(Work())
    let byFile = try Select(scores: inputs.scores + "/scores.safetensors", settings: settings)
      .run(Work())
    #expect(byFolder.selection.keptChunks() == byFile.selection.keptChunks())
    #expect(byFolder.selection.summary == byFile.selection.summary)
    #expect(byFolder.record.seed == 77)
    #expect(byFolder.selection.summary.sources.map(\.source) == ["code", "prose"])
  }

  @Test func capAndFloorsAndChoicesCount() throws {
    let plain = try Select(scores: inputs.scores, settings: SelectionSettings()).run(Work())
    let kept = try #require(plain.selection.keptChunks().first)
    let cap = try #require(plain.selection.index.scores.row(ofChunk: kept)).self
    let highest = plain.selection.index.scores[cap].teacherNLL
    let settings = SelectionSettings(
      floors: ["code": 1], teacherNLLCap: highest,
      manual: [ManualChoice(chunk: kept, keep: false)])
    let chosen = try Select(scores: inputs.scores, settings: settings).run(Work()).selection
    #expect(!chosen.keeps(chunk: kept))
    for chunk in chosen.keptChunks() {
      let row = try #require(chosen.index.scores.row(ofChunk: chunk))
      #expect(chosen.index.scores[row].teacherNLL <= highest)
    }
  }

  @Test func bothFilesOfTheScreenAreRead() throws {
    let settings = SelectionSettings(
      rule: .threshold(0.25), floors: ["code": 0.5], teacherNLLCap: 6,
      manual: [ManualChoice(chunk: 3, keep: true, note: "good")])
    let file = inputs.root + "/selection.json"
    try JSONFile.write(settings, to: file)
    #expect(try SelectionFile.read(file) == settings)

    let recipe = inputs.root + "/recipe.jsonl"
    let log = try JSONLinesLog(appendingTo: recipe)
    try log.append(SelectionChange(settings: SelectionSettings(), title: "ratio 0.500"))
    try log.append(SelectionChange(settings: settings, title: "keep chunk 3 by hand"))
    #expect(try SelectionFile.read(recipe) == settings)
  }

  @Test(arguments: ["", "{}", "[1, 2]", "{\"title\": \"x\"}\n", "not json\n"])
  func otherFilesAreRefused(_ text: String) throws {
    let file = inputs.root + "/other"
    try AtomicFile.write(text: text, to: file)
    #expect(throws: StoreError.self) { try SelectionFile.read(file) }
    #expect(throws: StoreError.self) { try SelectionFile.read(inputs.root + "/missing") }
  }

  @Test func aChoiceOfAnotherCorpusIsRefused() throws {
    let settings = SelectionSettings(manual: [ManualChoice(chunk: 1_000_000, keep: true)])
    #expect(throws: DifferenceSamplingError.self) {
      try Select(scores: inputs.scores, settings: settings).run(Work())
    }
  }
}
