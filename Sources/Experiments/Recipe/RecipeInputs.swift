import Corpus
import Foundation
public import Pipeline
import Store

/// The files that a recipe names, looked at before anything is planned or done: what is missing then
/// would be found after the corpus has been packed, or the models trained.
public struct RecipeInputs {
  private let recipe: ExperimentRecipe
  private let path: String

  /// - Parameter path: the recipe's file, for messages.
  public init(_ recipe: ExperimentRecipe, path: String) {
    self.recipe = recipe
    self.path = path
  }

  /// Refuses what cannot work.
  ///
  /// - Throws: `ExperimentError.recipe` with the key's place; `WorkStopped`.
  public func require(_ work: Work = Work()) throws {
    for (key, scorer) in [("teacher", recipe.teacher), ("reference", recipe.reference)] {
      if case .folder(let model) = scorer { try requireFile(model, "\(key).folder", "a model") }
    }
    if case .folder(let tokenizer) = recipe.tokenizer {
      try requireFile(tokenizer, "tokenizer.folder", "a tokenizer.json, or a folder that holds one")
    }
    guard case .files(let files) = recipe.corpus else { return }
    let parts = [
      ("scored", files.scored), ("reserve", files.reserve), ("held_out", files.heldOut),
    ]
    for (name, paths) in parts {
      for (number, file) in paths.enumerated() {
        try requireFile(
          file, "corpus.files.\(name)[\(number)]",
          "a file of text, a folder of such, or a folder of token shards")
      }
    }
    for (name, paths) in parts.dropLast() {
      for (number, file) in files.heldOut.enumerated()
      where paths.contains(where: { Self.same($0, file) }) {
        throw ExperimentError.recipe(
          path: path, key: "corpus.files.held_out[\(number)]",
          found: "\"\(file)\", which stands under \(name) as well",
          expected: "text that no model is trained on")
      }
    }
    try requireField(files, parts.map(\.1), work)
  }

  private func requireFile(_ file: String, _ key: String, _ expected: String) throws {
    guard !Folder.exists(file), GivenShards([file]) == nil else { return }
    throw ExperimentError.recipe(
      path: path, key: key, found: "\"\(file)\", and nothing is there", expected: expected)
  }

  /// The field that is named has to stand in the first lines.
  private func requireField(
    _ files: RecipeCorpus.FileText, _ parts: [[String]], _ work: Work
  ) throws {
    guard let field = files.textField else { return }
    for part in parts where !part.isEmpty && GivenShards(part) == nil {
      do {
        _ = try TextFields(text: field, source: files.sourceField).options(for: part, work)
      } catch let error as any ActionableError {
        throw ExperimentError.recipe(
          path: path, key: "corpus.files.text_field", found: "\"\(field)\": \(error.message)",
          expected: "a field of every part's lines")
      }
    }
  }

  private static func same(_ one: String, _ other: String) -> Bool {
    func real(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
    return real(one) == real(other)
  }
}
