import Foundation
import LanguageModels
import Store
import TensorKit
import Testing

/// Keys of config.json that are there twice, at another level, null or of another type, and what
/// transformers makes of them (scripts/make_configuration_fixtures.py): the same loss, or a refusal.
@Suite struct ConfigurationParityTests {
  struct Case: Decodable, Sendable {
    let fixture: String
    let set: [String: JSONValue]
    let remove: [String]
    /// Of transformers; nil where it refuses, or draws missing tensors at random.
    let loss: Double?

    var keys: Set<String> { Set(set.keys).union(remove) }
    var shown: String { "\(fixture) \(JSONValue.object(set).json()) without \(remove)" }
  }

  /// What transformers runs and this engine has not: refused by name.
  static let beyond: Set<String> = [
    "rope_scaling", "rope_parameters", "rope_theta", "partial_rotary_factor", "hidden_act",
    "use_sliding_window", "layer_types", "num_experts", "num_local_experts", "rms_norm_eps",
    "time_step_init_scheme", "tie_word_embeddings", "is_causal", "max_window_layers",
  ]
  /// What its type checks refuse although it has one meaning: 2.0 for 2, 0 for 0.0.
  static let spelling: Set<String> = [
    "head_dim", "num_hidden_layers", "hidden_size", "rms_norm_eps", "layer_norm_epsilon",
    "initializer_range", "time_step_rank", "expand", "conv_kernel",
  ]

  /// The cases of one fixture, and a folder whose config.json they change.
  private func cases(_ fixture: Fixture) throws -> [Case] {
    let path = fixture.folder + "/../configurations.json"
    let data = try #require(FileManager.default.contents(atPath: path))
    return try JSONDecoder().decode([Case].self, from: data).filter { $0.fixture == fixture.name }
  }

  private func loss(_ folder: String, _ fixture: Fixture) throws -> Double {
    let model = try LanguageModel.load(
      folder: folder, purpose: .scoring, compute: Fixture.compute())
    let batch = try fixture.batch()
    let workspace = try Workspace(for: model, maximumTokens: batch.tokenCount, purpose: .scoring)
    return batch.loss(of: try model.logProbabilities(batch, workspace: workspace).map { 0 - $0 })
  }

  @Test(arguments: [
    "qwen2-gqa-tied", "llama3-untied", "qwen3-gqa-tied", "mamba-tied", "mistral-whole",
  ])
  func theSameOrRefused(_ name: String) throws {
    let fixture = Fixture(name: name)
    let cases = try cases(fixture)
    #expect(cases.count > 100)
    let place = try TemporaryFolder()
    let folder = try place.copy(fixture)
    let keys = try fixture.configurationKeys()
    var (equal, refused) = (0, 0)
    for one in cases {
      let changed = keys.filter { !one.remove.contains($0.key) }.merging(one.set) { $1 }
      try place.write(JSONValue.object(changed).json(), to: name + "/config.json")
      let found = Result { try loss(folder, fixture) }
      switch (found, one.loss) {
      case (.success(let found), let expected?):
        // transformers rescales loaded weights here, as if they were new; that is noted.
        if one.keys == ["rescale_prenorm_residual"] {
          #expect(try ModelFolder(folder).examine().warnings.count == 1)
        } else {
          #expect(abs(found - expected) < 2e-5, "\(one.shown): \(found), not \(expected)")
        }
        equal += 1
      case (.failure(let error), let expected):
        let error = try #require(error as? ModelError, "\(one.shown): \(error)")
        #expect(error.message.contains(folder), "\(one.shown): \(error)")
        if expected != nil {
          #expect(!one.keys.isDisjoint(with: Self.beyond), "\(one.shown): \(error)")
        }
        refused += 1
      case (.success(let found), nil):
        let isSpelling = one.keys.count == 1 && one.keys.isSubset(of: Self.spelling)
        // A list of kinds that all are full needs no window here; Mamba's is not read at all.
        let isUnread =
          ["mamba-tied", "mistral-whole"].contains(name) && one.keys == ["layer_types"]
        // A null that stands behind the value that counts.
        let isBehind = one.keys.contains("original_max_position_embeddings")
        #expect(isSpelling || isUnread || isBehind, "\(one.shown): \(found)")
      }
    }
    #expect(equal > 30 && refused > 30)
  }

  @Test func theInnerSizeIsThatOfTheFile() throws {
    let place = try TemporaryFolder()
    let fixture = Fixture(name: "mamba-tied")
    let folder = try place.copy(fixture)
    let keys = try fixture.configurationKeys()
    // The tensors have 64 channels, twice the hidden size.
    for (expand, inner, isRead) in [(2, 64, true), (1, 64, true), (2, 32, false)] {
      let changed = keys.merging(["expand": .integer(expand), "intermediate_size": .integer(inner)])
      {
        $1
      }
      try place.write(JSONValue.object(changed).json(), to: "mamba-tied/config.json")
      #expect(((try? loss(folder, fixture)) != nil) == isRead)
    }
  }
}
