public import Corpus
public import Store

/// A line that gave no prompt: as readers say it, with the option that names the field of prompts.
public struct PromptsError: ActionableError, Equatable {
  /// What the reader found.
  public let error: CorpusError

  public var message: String { error.message }
  public var hint: String {
    error.hint.replacing(" (--prompt-field for prompts)", with: "")
      .replacing("--text-field", with: "--prompt-field")
  }

  /// Runs `body`; a line that it could not use becomes an error of prompts.
  static func naming<Result>(
    _ body: () throws(CorpusError) -> Result
  ) throws -> Result {
    do throws(CorpusError) {
      return try body()
    } catch {
      if case .rejected = error { throw PromptsError(error: error) }
      throw error
    }
  }
}
