import Foundation
import Store

/// An experiment as a file states it: which corpus, which teacher and reference, which students, and
/// which ways to choose their text are compared at equal computation.
public struct ExperimentRecipe: Sendable, Equatable {
  /// Who pays for the scoring of the corpus.
  public enum Charge: Sendable, Equatable {
    /// All students of the recipe that use the scores, in equal shares.
    case amortized
    /// Every student that uses them pays all of it, as if there were no other.
    case full
    /// So many students share it, whatever the recipe trains.
    case among(Int)
  }

  public var name: String
  public var corpus: RecipeCorpus
  /// Most tokens of a chunk.
  public var chunkTokens: Int
  public var tokenizer: RecipeTokenizer
  public var teacher: RecipeScorer
  public var reference: RecipeScorer
  public var charge: Charge
  /// Shapes of students.
  public var models: [RecipeModel]
  /// Budgets: input tokens that a student without selection is trained on.
  public var tokens: [Int]
  public var seeds: [UInt64]
  /// In the order of the recipe.
  public var arms: [ExperimentArm]
  /// Held-out evaluations while a student is trained, and the chunks that each looks at.
  public var evaluations: Int
  public var evaluationChunks: Int

  /// Reads a recipe.
  ///
  /// - Parameter seeds: in place of its own.
  /// - Throws: `StoreError` for a file that cannot be read or is no JSON, `ExperimentError.recipe`.
  public init(file path: String, seeds: [UInt64]? = nil) throws {
    let given = try FileContents.read(path)
    let bytes = try seeds.map { try Self.replacing(seeds: $0, in: given, path: path) } ?? given
    try self.init(json: Array(bytes), path: path)
  }

  /// - Parameter path: for messages.
  public init(json bytes: [UInt8], path: String) throws {
    let document: JSONDocument
    do {
      document = try JSONDocument(parsing: bytes)
    } catch {
      throw StoreError.malformed(
        path: path,
        found: bytes.isEmpty
          ? "an empty file" : "broken JSON at about byte \(error.offset) (\(error.reason))",
        expected: "a recipe, an object in braces")
    }
    try Self.refuseRepeatedKeys(document.root, document, path: path, place: "")
    try self.init(JSONValue(document.root, of: document), path: path)
  }

  private init(_ value: JSONValue, path: String) throws(ExperimentError) {
    let recipe = try RecipeObject(
      value, path: path, place: "",
      keys: [
        "name", "corpus", "chunk_tokens", "tokenizer", "teacher", "reference", "scoring",
        "students", "methods", "evaluation",
      ])
    name = try recipe.name("name")
    corpus = try RecipeCorpus(recipe)
    chunkTokens = try recipe.whole("chunk_tokens", 8...(1 << 20), default: 1025)
    tokenizer = try RecipeTokenizer(recipe)
    teacher = try RecipeScorer(recipe, "teacher")
    reference = try RecipeScorer(recipe, "reference")
    charge = try Self.charge(recipe)
    let students = try recipe.object("students", keys: ["models", "tokens", "seeds"])
    models = try students.list("models", of: "models") { (value, place) throws(ExperimentError) in
      let model = try RecipeObject(
        value, path: path, place: place, keys: ["name"] + RecipeModel.keys)
      return try RecipeModel(model, name: try model.name("name"))
    }
    tokens = try students.wholes("tokens", 1...(1 << 50))
    seeds = try students.wholes("seeds", 0...Int.max).map { UInt64($0) }
    arms = try Self.arms(recipe, chunkTokens: chunkTokens)
    let evaluation = try recipe.object("evaluation", keys: ["checkpoints", "chunks"])
    evaluations = try evaluation.whole("checkpoints", 1...10_000)
    evaluationChunks = try evaluation.whole("chunks", 1...(1 << 40))
    try check(recipe, students)
  }

  /// The recipe's text with other seeds.
  static func replacing(seeds: [UInt64], in given: Data, path: String) throws -> Data {
    // Read first, so that a fault is that of the file.
    _ = try ExperimentRecipe(json: Array(given), path: path)
    let document = try JSONDocument(parsing: Array(given))
    guard case .object(var recipe) = JSONValue(document.root, of: document),
      case .object(var students) = recipe["students"]
    else { return given }
    students["seeds"] = .list(seeds.map { .integer(Int(clamping: $0)) })
    recipe["students"] = .object(students)
    return Data((JSONValue.object(recipe).json() + "\n").utf8)
  }

  private static func charge(_ recipe: RecipeObject) throws(ExperimentError) -> Charge {
    guard recipe.has("scoring") else { return .amortized }
    let scoring = try recipe.object("scoring", keys: ["charge"])
    let expected = "\"amortized\", \"full\" or a number of students"
    switch try scoring.value("charge", expected: expected) {
    case .text("amortized"): return .amortized
    case .text("full"): return .full
    case .integer(let count) where (1...1_000_000).contains(count): return .among(count)
    case let value: throw scoring.fault("charge", found: value.shown, expected: expected)
    }
  }

  /// What no single key shows.
  private func check(_ recipe: RecipeObject, _ students: RecipeObject) throws(ExperimentError) {
    func unique(
      _ names: [String], _ object: RecipeObject, _ key: String
    ) throws(ExperimentError) {
      if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
        throw object.fault(key, found: "\(twice) twice", expected: "each once")
      }
    }
    try unique(models.map(\.name), students, "models")
    if let taken = models.map(\.name).first(where: { ["teacher", "reference"].contains($0) }) {
      throw students.fault("models", found: "a student called \(taken)", expected: "another name")
    }
    try unique(tokens.map { "\($0)" }, students, "tokens")
    try unique(seeds.map { "\($0)" }, students, "seeds")
    try unique(arms.map(\.name), recipe, "methods")
    guard arms.contains(where: { $0.method == .conventional }) else {
      throw recipe.fault(
        "methods", found: "no conventional",
        expected: "conventional among them: every other method is compared with it")
    }
    guard case .files(let files) = corpus, files.reserve.isEmpty else { return }
    let trains: [(String, Bool)] = [
      ("tokenizer", { if case .trained = tokenizer { true } else { false } }()),
      ("teacher", { if case .trained = teacher { true } else { false } }()),
      ("reference", { if case .trained = reference { true } else { false } }()),
    ]
    if let trained = trains.first(where: \.1) {
      throw recipe.fault(
        "corpus.files.reserve", found: "missing",
        expected: "text to train the \(trained.0) on, or a folder as \(trained.0)")
    }
  }

  /// Of two equal keys one would be ignored.
  private static func refuseRepeatedKeys(
    _ value: JSONDocument.Value, _ document: JSONDocument, path: String, place: String
  ) throws(ExperimentError) {
    switch value {
    case .array(let list):
      for (number, item) in document.elements(of: list).enumerated() {
        try refuseRepeatedKeys(item, document, path: path, place: "\(place)[\(number)]")
      }
    case .object(let list):
      var seen: Set<String> = []
      for member in document.members(of: list) {
        let name = document.string(member.name)
        let key = place.isEmpty ? name : "\(place).\(name)"
        guard seen.insert(name).inserted else {
          throw .recipe(path: path, key: key, found: "there twice", expected: "one value")
        }
        try refuseRepeatedKeys(member.value, document, path: path, place: key)
      }
    default: return
    }
  }
}
