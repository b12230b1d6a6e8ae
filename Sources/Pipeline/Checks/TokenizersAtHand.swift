public import LanguageModels
import Numerics
import Store
import Tokenizers

/// The tokenizers of models against the one that is to pack texts, before anything is packed: what the
/// checks before a scoring would refuse hours later.
public struct TokenizersAtHand {
  /// tokenizer.json, its folder, or a GGUF file.
  let place: String
  let models: [(role: String, folder: ModelFolder)]

  /// - Parameter models: by their roles; those that are not there are left to the scoring.
  public init(_ place: String, models: [(role: String, folder: ModelFolder)]) {
    self.place = place
    self.models = models.filter(\.folder.isPresent)
  }

  /// Compares them all.
  ///
  /// - Parameter waivers: checks that may fail; a failure is then a warning.
  /// - Throws: `TokenizerError` for one in `place` that cannot be read; `PipelineError.checks` for
  ///   models of another tokenizer, or with fewer ids.
  public func require(waivers: [CheckWaiver], _ work: Work) throws {
    if models.isEmpty { return }
    let packing = try Tokenizer.load(from: place)
    var failures: [CheckRow] = []
    for (role, model) in models {
      for row in rows(role, model, packing) {
        let isWaived = waivers.contains { $0.check == row.check }
        if row.state == .failed, !isWaived {
          failures.append(row)
        } else {
          work.note(
            "check \(row.check.rawValue): \(row.text)", row.state == .ok ? .info : .warning)
        }
      }
    }
    guard failures.isEmpty else { throw PipelineError.checks(failures) }
  }

  /// What is to be said of a model; nothing where all is well.
  private func rows(_ role: String, _ model: ModelFolder, _ packing: Tokenizer) -> [CheckRow] {
    var rows: [CheckRow] = []
    let name = "the \(role) (\(model.path))"
    if let size = try? model.statedConfiguration().vocabularySize, size < packing.vocabularySize {
      rows.append(
        CheckRow(
          .vocabulary, .failed,
          "\(name) has \(Number.grouped(size)) ids, the tokenizer in \(place) "
            + "\(Number.grouped(packing.vocabularySize))",
          advice: "Use models that were made for that tokenizer."))
    }
    guard let own = model.tokenizerIfPresent else {
      rows.append(
        CheckRow(
          .tokenizer, .unknown,
          "\(name) brings no tokenizer: nothing tells whether its ids are those of \(place)"))
      return rows
    }
    do throws(TokenizerError) {
      let comparison = TokenizerComparison(packing, try Tokenizer.load(from: own))
      switch comparison.outcome {
      case .identical: break
      case .sameIDs:
        rows.append(
          CheckRow(.tokenizer, .ok, "\(name), compared with \(place): \(comparison.words)"))
      case .different:
        rows.append(
          CheckRow(
            .tokenizer, .failed,
            "\(name) brings another tokenizer than \(place): \(comparison.words)",
            advice:
              "Use a teacher and a reference of one tokenizer, and give that with --tokenizer."))
      }
    } catch {
      rows.append(
        CheckRow(
          .tokenizer, .unknown, "the tokenizer of \(name) cannot be read (\(error.message))"))
    }
    return rows
  }
}
