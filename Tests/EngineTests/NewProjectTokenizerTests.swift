import Corpus
import Engine
import Foundation
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Testing
import Tokenizers

/// What is compared when a project is made, before anything is packed.
@Suite struct NewProjectTokenizerTests {
  let root: String
  let compute: Ops

  init() throws {
    root = NSTemporaryDirectory() + "new-tokenizers-\(UUID().uuidString)"
    compute = try Ops(kernels: .best, pool: ParallelPool(threads: 1))
    try Folder.make(root)
    let line = "{\"text\": \"\(String(repeating: "river stone ", count: 40))\"}\n"
    try AtomicFile.write(text: line + line, to: path("text.jsonl"))
    try AtomicFile.write(text: line + "{\"text\": \"slow\"}\n", to: path("held.jsonl"))
    for (name, words) in [("one", "river stone slow boats"), ("two", "let value print count")] {
      var counter = WordCounter(preTokenization: .gpt2)
      counter.add(words)
      try BytePairTrainer(.init(vocabularySize: 270)).train(on: counter)
        .write(toFolder: path(name))
    }
    for name in ["one", "two"] { try model(name + "-model", tokenizer: path(name)) }
  }

  private func path(_ name: String) -> String { root + "/" + name }

  private func model(_ name: String, tokenizer: String?, size: Int = 270) throws {
    let shape = try ModelConfiguration(
      .qwen2,
      ModelSizes(
        vocabularySize: size, hiddenSize: 16, intermediateSize: 32, layerCount: 1, headCount: 2,
        specialTokens: SpecialTokenIDs(beginning: 0, end: [0], padding: 0)))
    try LanguageModel.make(
      shape, initialization: .seeded(RandomSource(seed: 1)), compute: compute
    ).save(to: path(name), tokenizerFolder: tokenizer)
  }

  private func project(
    tokenizer: String? = nil, teacher: String? = nil, reference: String? = nil
  ) -> NewProject {
    var project = NewProject(corpus: [path("text.jsonl")])
    project.maximumLength = 33
    project.tokenizer = tokenizer.map(path)
    project.teacher = teacher.map(path)
    project.reference = reference.map(path)
    return project
  }

  private func settings(
    _ project: NewProject, notes: @escaping (WorkNote) -> Void = { _ in }
  ) throws -> ProjectSettings {
    try project.settings(for: path("project"), Work(note: notes))
  }

  @Test func theTeachersTokenizerIsTaken() throws {
    var notes: [String] = []
    let taken = try settings(project(teacher: "one-model", reference: "one-model")) {
      notes.append($0.text)
    }
    #expect(taken.tokenizer == .path(path("one-model")))
    #expect(notes.contains { $0.contains("the tokenizer is the teacher's") }, "\(notes)")
    // One without hands on to the reference, and two without say what is missing.
    try model("bare", tokenizer: nil)
    let other = try settings(project(teacher: "bare", reference: "two-model"))
    #expect(other.tokenizer == .path(path("two-model")))
    let error = #expect(throws: EngineError.self) {
      try settings(project(teacher: "bare", reference: "bare"))
    }
    #expect(error?.message.contains("--tokenizer") == true)
    // Without models it is trained, for which there has to be a text.
    let none = #expect(throws: EngineError.self) { try settings(project()).validate() }
    #expect(none?.message.contains("a teacher that brings its own") == true)
  }

  @Test func modelsOfAnotherTokenizerAreRefusedBeforePacking() throws {
    for wrong in [
      project(tokenizer: "one", teacher: "one-model", reference: "two-model"),
      project(teacher: "one-model", reference: "two-model"),
      project(tokenizer: "two", teacher: "one-model"),
    ] {
      let error = #expect(throws: PipelineError.self) { try settings(wrong) }
      #expect(error?.message.contains("brings another tokenizer") == true)
      #expect(error?.hint.contains("--waive tokenizer") == true)
    }
    var waived = project(tokenizer: "one", teacher: "one-model", reference: "two-model")
    waived.waivers = [CheckWaiver(.tokenizer)]
    #expect(try settings(waived).waivers == [CheckWaiver(.tokenizer)])
    // Fewer ids than the tokenizer has.
    let size = try Tokenizer.load(from: path("one")).vocabularySize
    try model("small", tokenizer: nil, size: size - 1)
    let error = #expect(throws: PipelineError.self) {
      try settings(project(tokenizer: "one", teacher: "small"))
    }
    #expect(error?.message.contains("has \(size - 1) ids") == true)
  }

  @Test func heldOutTextWithoutAChunkIsRefused() throws {
    for (name, content) in [
      ("empty.jsonl", "\n"), ("short.jsonl", "{\"text\": \"a few words\"}\n"),
    ] {
      try AtomicFile.write(text: content, to: path(name))
      var project = project(tokenizer: "one")
      project.heldOut = [path(name)]
      let error = #expect(throws: PipelineError.self) { try settings(project) }
      #expect(error?.message.contains(name) == true, "\(error?.message ?? "")")
    }
    var enough = project(tokenizer: "one")
    enough.heldOut = [path("held.jsonl")]
    #expect(throws: Never.self) { try settings(enough) }
  }
}
