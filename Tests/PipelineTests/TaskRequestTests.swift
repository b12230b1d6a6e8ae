import Evaluation
import Foundation
import LanguageModels
import Pipeline
import Store
import TensorKit
import Testing
import Tokenizers

/// Requests as lm-evaluation-harness' model class tokenizes, cuts and scores them
/// (scripts/make_task_score_fixtures.py): tokenizers whose tokens cross the border between context and
/// choice, templates that put tokens before or behind a text, empty contexts, texts that are too long.
@Suite struct TaskRequestTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let model: String
    let version: HarnessVersion
    var testDescription: String { "\(model), \(version.rawValue)" }
  }

  static let cases = ["words", "crossing", "beginning", "ending"].flatMap { model in
    HarnessVersion.allCases.map { Case(model: model, version: $0) }
  }

  static let folder = (Bundle.module.resourcePath ?? ".") + "/Fixtures/tasks/"

  /// One run of the harness: its settings, and what it gave for every request.
  struct Run: Decodable {
    struct Setting: Decodable {
      var add_bos_token: Bool?
      var max_length: Int?
    }

    /// A score, or the name of the error that the harness ends with.
    enum Score: Decodable {
      case value(Double, isGreedy: Bool)
      case error(String)

      init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
          self = .error(name)
          return
        }
        var list = try decoder.unkeyedContainer()
        self = .value(try list.decode(Double.self), isGreedy: try list.decode(Bool.self))
      }
    }

    var setting: Setting
    var scores: [Score]
  }

  static func requests() throws -> [TaskRequest] {
    try JSONFile.read([[String]].self, from: folder + "requests.json").map {
      TaskRequest(context: $0[0], continuation: $0[1])
    }
  }

  @Test(arguments: cases) func asTheHarness(_ made: Case) throws {
    let folder = Self.folder + made.model
    let compute = try Ops(kernels: .best, pool: ParallelPool(threads: 2))
    let model = try LanguageModel.load(folder: folder, purpose: .scoring, compute: compute)
    let tokenizer = try Tokenizer.load(from: folder)
    let requests = try Self.requests()
    let workspace = try Workspace(for: model, maximumTokens: 512, purpose: .scoring)
    let runs = try JSONFile.read(
      [Run].self, from: "\(folder)/scores-\(made.version.rawValue).json")
    #expect(runs.count == 4)
    for run in runs {
      let encoder = RequestEncoder(
        tokenizer, model.configuration, version: made.version,
        addsBeginning: run.setting.add_bos_token, longest: run.setting.max_length)
      for (request, expected) in zip(requests, run.scores) {
        switch expected {
        case .error(let name):
          #expect(name == "AssertionError")
          #expect(throws: RequestFault.self) { try encoder.sequence(request) }
        case .value(let value, let isGreedy):
          let sequence = try encoder.sequence(request)
          let found = try model.scores(BranchedBatch([[sequence]]), workspace: workspace)[0][0]
          #expect(abs(found.logProbability - value) < 1e-4, "\(request) \(run.setting)")
          #expect(found.isGreedy == isGreedy, "\(request) \(run.setting)")
        }
      }
    }
  }
}
