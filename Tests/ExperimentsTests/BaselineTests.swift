import Experiments
import Foundation
import LanguageModels
import Pipeline
import Store
import Testing
import Training

/// Arms that learn from the teacher itself: Vanilla KD, SeqKD, and difference sampling with both.
@Suite(.serialized) struct BaselineTests {
  private static let methods = (
    "{\"method\": \"uniform\", \"ratios\": [0.5]}",
    """
    {"method": "vanilla-kd", "kd_ratio": 0.3}, {"method": "seqkd", "prompt_tokens": 20},
    {"method": "minillm", "rollouts": 6, "new_tokens": 5, "rollout_epochs": 2},
    {"method": "miniplm+vanilla-kd", "ratios": [0.5]}, {"method": "miniplm+seqkd", "ratios": [0.5]}
    """
  )

  /// One that was run to its end; nobody changes it.
  private static let whole = Result {
    let tiny = try TinyExperiment([methods, ("[6000]", "[24000]"), ("[1, 2]", "[1]")])
    _ = try tiny.experiment().run(Work())
    return tiny
  }

  private func results() throws -> [String: StudentResult] {
    let folder = try Self.whole.get().folder.path + "/results"
    let all = try Folder.list(folder).map {
      try JSONFile.read(StudentResult.self, from: "\(folder)/\($0)")
    }
    return Dictionary(uniqueKeysWithValues: all.map { ($0.arm, $0) })
  }

  @Test func everyArmIsThereUnderItsName() throws {
    let arms = try results()
    #expect(
      Set(arms.keys) == [
        "conventional", "miniplm-r0.30", "miniplm-r0.50", "vanilla-kd-k0.30", "seqkd-p20",
        "minillm-p24-n5-b6-e2", "miniplm+vanilla-kd-r0.50", "miniplm+seqkd-r0.50-p24",
      ])
    #expect(arms["vanilla-kd-k0.30"]?.method == "vanilla-kd")
    #expect(arms["miniplm+vanilla-kd-r0.50"]?.ratio == 0.5)
    #expect(Set(arms.values.map(\.loss)).count == 8)
    // Weights before the first step are those of the seed.
    #expect(Set(arms.values.map { $0.curve[0].loss }).count == 1)
  }

  @Test func allComputeTheSameWithTheirTeacher() throws {
    let arms = try results()
    for result in arms.values {
      let step = result.flops.training / Double(result.steps)
      // A step less or more, and chunks that are read differ from the mean chunk of the corpus.
      let gap = abs(result.flops.charged - result.flops.budget)
      #expect(gap < 0.5 * step + 0.02 * result.flops.budget, "\(result.student)")
    }
    let tiny = try Self.whole.get()
    let recipe = try ExperimentRecipe(file: tiny.recipe)
    let plain = try #require(arms["conventional"])
    let taught = try #require(arms["vanilla-kd-k0.30"])
    // A teacher beside the student takes the share of the steps that its passes take.
    let size = try ModelFolder(tiny.folder.path + "/models/teacher").configuration()
    let student = try recipe.models[0].configuration(
      vocabularySize: size.vocabularySize, endOfText: 0)
    let length = Int((Double(plain.tokens) / Double(plain.steps * 4)).rounded())
    let own = ModelOperations(student).training(length: length)
    let share = own / (own + ModelOperations(size).forward(length: length))
    #expect(abs(Double(taught.steps) - share * Double(plain.steps)) < 2, "\(taught.steps)")
    #expect(taught.flops.scoring == 0 && plain.flops.scoring == 0)
    // Samples take what two passes over text do not.
    #expect((arms["minillm-p24-n5-b6-e2"]?.steps ?? .max) < taught.steps)
    // What the teacher writes is charged like scores.
    #expect((arms["seqkd-p20"]?.flops.scoring ?? 0) > 0)
    let both = try #require(arms["miniplm+seqkd-r0.50-p24"])
    #expect(both.flops.scoring > (arms["miniplm-r0.50"]?.flops.scoring ?? .infinity))
  }

  @Test func aTaughtStudentSaysSo() throws {
    let folder = try Self.whole.get().folder.path
    func settings(_ student: String) throws -> DistillationSettings? {
      try DistillationSettings.read(folder: "\(folder)/models/\(student)")
    }
    let record = try settings("mamba-16-t24000-vanilla-kd-k0.30-s1")
    #expect(record?.ratio == 0.3 && record?.temperature == 1)
    #expect(try settings("mamba-16-t24000-miniplm+vanilla-kd-r0.50-s1")?.ratio == 0.5)
    #expect(try settings("mamba-16-t24000-seqkd-p20-s1") == nil)
    #expect(Folder.isFolder(folder + "/texts/miniplm+seqkd-r0.50-p24"))
    let text = try String(contentsOfFile: folder + "/report/README.md", encoding: .utf8)
    for arm in ["vanilla-kd-k0.30", "seqkd-p20", "miniplm+vanilla-kd-r0.50"] {
      #expect(text.contains(arm))
    }
  }

  @Test func faultsOfMethodsNameTheirKey() throws {
    func fault(_ method: String) throws -> String? {
      let text = RecipeTests.text([("{\"method\": \"uniform\", \"ratios\": [0.5]}", method)])
      do {
        _ = try ExperimentRecipe(json: Array(text.utf8), path: "x.json")
      } catch ExperimentError.recipe(_, let key, _, _) {
        return key
      }
      return nil
    }
    #expect(try fault("{\"method\": \"vanilla-kd\"}") == nil)
    #expect(try fault("{\"method\": \"conventional+vanilla-kd\", \"temperature\": 2}") == nil)
    #expect(try fault("{\"method\": \"vanilla-kd\", \"ratios\": [0.5]}") == "methods[2].ratios")
    #expect(try fault("{\"method\": \"miniplm+vanilla-kd\"}") == "methods[2].ratios")
    #expect(try fault("{\"method\": \"vanilla-kd\", \"kd_ratio\": 2}") == "methods[2].kd_ratio")
    #expect(
      try fault("{\"method\": \"vanilla-kd\", \"prompt_tokens\": 9}") == "methods[2].prompt_tokens")
    #expect(
      try fault("{\"method\": \"seqkd\", \"prompt_tokens\": 33}") == "methods[2].prompt_tokens")
    #expect(
      try fault("{\"method\": \"minillm\", \"new_tokens\": 30}") == "methods[2].new_tokens")
    #expect(try fault("{\"method\": \"vanilla-kd+miniplm\"}") == "methods[2].method")
    #expect(try fault("{\"method\": \"miniplm+uniform\", \"ratios\": [1]}") == "methods[2].method")
    #expect(try fault("{\"method\": \"conventional\"}") == "methods")
  }
}
