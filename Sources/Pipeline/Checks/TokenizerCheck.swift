import LanguageModels
import Tokenizers

/// Whether teacher, reference and shards have one tokenizer: by the digest, else by what the files
/// say and by the ids of a probe text. Equal sizes of vocabularies tell nothing.
struct TokenizerCheck {
  let made: ShardsTokenizer
  let shards: String
  /// tokenizer.json, or its folder, that made the shards, where somebody knows it.
  let place: String?
  let teacher: ModelFolder
  let reference: ModelFolder

  /// A tokenizer and whose it is.
  private struct Party {
    let name: String
    let tokenizer: Tokenizer
  }

  func row() throws -> CheckRow {
    var parties: [Party] = []
    var missing: [String] = []
    for (role, model) in [("teacher", teacher), ("reference", reference)] {
      guard let place = model.tokenizerIfPresent else {
        missing.append("the \(role) brings no tokenizer")
        continue
      }
      do {
        parties.append(
          Party(
            name: "the \(role) (\(model.path))", tokenizer: try Tokenizer.load(from: place)))
      } catch {
        missing.append("the \(role)'s tokenizer cannot be read (\(error))")
      }
    }
    if let place {
      let own = try Tokenizer.load(from: place)
      try made.require(own.digest, at: place, option: "tokenizer", Work())
      parties.insert(Party(name: "\(place)", tokenizer: own), at: 0)
    }
    if let known = parties.first(where: { $0.tokenizer.digest == made.digest }) {
      if let row = firstDifference(parties, from: known, whose: shards) { return row }
    } else if made.digest != nil, let first = parties.first {
      let other =
        "\(first.name) brings another tokenizer (sha256 "
        + "\(first.tokenizer.digest.prefix(12))) than the one that made \(shards)"
      return CheckRow(
        .tokenizer, .failed,
        other + ", which is not at hand: unless both have the same ids, its losses mean nothing",
        advice: "Give that tokenizer with --tokenizer, so that they can be compared.")
    } else if let first = parties.first {
      missing.append("\(shards) does not say by which tokenizer it was made")
      if let row = firstDifference(parties, from: first, whose: first.name) { return row }
    }
    guard missing.isEmpty else {
      return CheckRow(
        .tokenizer, parties.count > 1 ? .warning : .unknown,
        missing.joined(separator: "; ")
          + (parties.count > 1 ? "; what is there is one tokenizer" : ""))
    }
    return CheckRow(.tokenizer, .ok, "teacher, reference and shards have one tokenizer")
  }

  /// The failure, or the doubt, of the first that differs.
  private func firstDifference(
    _ parties: [Party], from known: Party, whose: String
  ) -> CheckRow? {
    var doubt: CheckRow?
    for party in parties where party.tokenizer !== known.tokenizer {
      let comparison = TokenizerComparison(known.tokenizer, party.tokenizer)
      switch comparison.outcome {
      case .identical: continue
      case .sameIDs:
        doubt = CheckRow(
          .tokenizer, .warning, "\(party.name), compared with that of \(whose): \(comparison.words)"
        )
      case .different:
        return CheckRow(
          .tokenizer, .failed,
          "\(party.name) brings another tokenizer than \(whose): \(comparison.words)",
          advice: Self.advice)
      }
    }
    return doubt
  }

  private static let advice =
    "Use a teacher and a reference of one tokenizer, and shards that were packed with it: 'miniplm "
    + "pack', or 'miniplm convert' for shards of another one."
}

extension ModelFolder {
  /// Where its tokenizer lies; nil for a model that brings none.
  var tokenizerIfPresent: String? {
    tokenizerFile == nil ? nil : tokenizerFolder
  }
}
