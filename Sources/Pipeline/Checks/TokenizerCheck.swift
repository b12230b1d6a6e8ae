import LanguageModels
import Tokenizers

/// Whether teacher, reference and shards have one tokenizer: by what the files say and by the ids of a
/// probe text, as records or the tokenizers themselves have them. Equal sizes of vocabularies tell nothing.
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
      try made.require(own, at: place, option: "tokenizer", Work())
      parties.insert(Party(name: "\(place)", tokenizer: own), at: 0)
    }
    if made.identity == nil, let first = parties.first {
      missing.append("\(shards) does not say by which tokenizer it was made")
      if let row = firstDifference(parties, from: first) { return row }
    } else if let row = try firstDifference(parties) {
      return row
    }
    guard missing.isEmpty else {
      return CheckRow(
        .tokenizer, parties.count > 1 ? .warning : .unknown,
        missing.joined(separator: "; ")
          + (parties.count > 1 ? "; what is there is one tokenizer" : ""))
    }
    return CheckRow(.tokenizer, .ok, "teacher, reference and shards have one tokenizer")
  }

  /// The failure, or the doubt, of the first that differs from what made the shards.
  private func firstDifference(_ parties: [Party]) throws -> CheckRow? {
    var doubt: CheckRow?
    for party in parties {
      switch try made.judge(party.tokenizer, known: parties.map(\.tokenizer)) {
      case .unrecorded, .identical: continue
      case .sameIDs(let words): doubt = doubt ?? Self.doubt(party, shards, words)
      case .different(let words): return Self.failure(party, shards, words)
      case .unknown:
        return CheckRow(
          .tokenizer, .failed,
          "\(party.name) brings another tokenizer (sha256 \(party.tokenizer.digest.prefix(12))) than "
            + "the one that made \(shards), which is not at hand: unless both have the same ids, its "
            + "losses mean nothing",
          advice: "Give that tokenizer with --tokenizer, so that they can be compared.")
      }
    }
    return doubt
  }

  /// The same where nobody knows what made the shards: compared with one of the tokenizers.
  private func firstDifference(_ parties: [Party], from known: Party) -> CheckRow? {
    var doubt: CheckRow?
    for party in parties where party.tokenizer !== known.tokenizer {
      let comparison = TokenizerComparison(known.tokenizer, party.tokenizer)
      switch comparison.outcome {
      case .identical: continue
      case .sameIDs: doubt = doubt ?? Self.doubt(party, known.name, comparison.words)
      case .different: return Self.failure(party, known.name, comparison.words)
      }
    }
    return doubt
  }

  private static func doubt(_ party: Party, _ whose: String, _ words: String) -> CheckRow {
    CheckRow(.tokenizer, .warning, "\(party.name), compared with that of \(whose): \(words)")
  }

  private static func failure(_ party: Party, _ whose: String, _ words: String) -> CheckRow {
    CheckRow(
      .tokenizer, .failed, "\(party.name) brings another tokenizer than \(whose): \(words)",
      advice: advice)
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
