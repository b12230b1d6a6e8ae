import Corpus
import Engine
import EngineInterface
import Foundation
import Pipeline
import Store
import Testing
import Tokenizers

/// A stage of a project gives the bytes that its verb gives.
@Suite struct VerbEqualityTests {
  @Test func tokenizerAndShardsAreThoseOfTheVerbs() async throws {
    let project = try TinyProject()
    defer { try? Folder.remove(project.root) }
    try await project.run(autopilot: .until(.teacher)) { event, engine in
      if case .project(let picture) = event,
        picture.stages.contains(where: { $0.stage == .pack && $0.state == .done })
      {
        engine.send(.shutDown(saving: true))
      }
    }
    let trained = try TrainTokenizer(
      [project.root + "/reserve.jsonl"], into: project.root + "/tokenizer",
      .init(vocabularySize: 300, reader: project.settings.corpus.reader)
    ).run(Work())
    #expect(trained.documents == 60)
    #expect(try files(project.root + "/tokenizer") == files(project.folder + "/tokenizer"))
    let tokenizer = try TokenizerEncoding(Tokenizer.load(from: trained.path))
    for part in ["reserve", "scored", "held-out"] {
      _ = try Pack(
        .text(["\(project.root)/\(part).jsonl"]), tokenizer: tokenizer,
        into: "\(project.root)/\(part)",
        .init(corpus: project.settings.corpus, pipeline: PipelineOptions())
      ).run(Work())
      let packed = try files("\(project.root)/\(part)")
      #expect(try packed == files("\(project.folder)/shards/\(part)"))
      #expect(packed["data_0.bin"]?.isEmpty == false)
    }
  }

  private func files(_ folder: String) throws -> [String: Data] {
    try Dictionary(
      uniqueKeysWithValues: Folder.list(folder).map {
        ($0, try Data(contentsOf: URL(filePath: "\(folder)/\($0)")))
      })
  }
}
