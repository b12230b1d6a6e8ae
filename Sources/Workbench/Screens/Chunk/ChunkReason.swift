import EngineInterface
import Numerics

/// Why a chunk is kept or dropped, in a sentence.
struct ChunkReason {
  /// Tokens that count, and how few of them carry so much of what the teacher does better.
  var tokens: Int
  var strongest: Int
  /// Their share of the sum of all positive differences, 0...1.
  var share: Double
  /// Mean difference of the counted tokens.
  var mean: Double
  var rising: [ChunkSpan]
  var falling: [ChunkSpan]

  /// What the fewest tokens are to carry.
  private static let part = 0.6

  /// nil while no token is scored.
  init?(_ chunk: ChunkDetail) {
    let values = chunk.tokens.compactMap(\.difference).filter(\.isFinite)
    guard values.count > 1 else { return nil }
    let gains = values.filter { $0 > 0 }.sorted(by: >)
    let all = gains.reduce(0, +)
    var (count, sum) = (0, 0.0)
    while count < gains.count, sum < Self.part * all {
      sum += gains[count]
      count += 1
    }
    tokens = values.count
    strongest = count
    share = all > 0 ? sum / all : 0
    mean = values.reduce(0, +) / Double(values.count)
    rising = ChunkSpans.find(chunk.tokens, rising: true)
    falling = ChunkSpans.find(chunk.tokens, rising: false)
  }

  /// "12% of the tokens carry 61% of what the teacher does better; the strongest run is tokens 41-55
  /// "left_on=", +0.31 of the mean +0.52." `isShort`: the same in few words.
  func sentence(_ chunk: ChunkDetail, isShort: Bool = false) -> String {
    if isShort { return shortSentence(chunk) }
    var parts: [String] = []
    if share > 0 {
      let few = Number.fixed(Double(strongest) / Double(tokens) * 100, 0)
      parts.append(
        "\(few)% of the tokens carry \(Number.fixed(share * 100, 0))% of what the teacher does "
          + "better")
    }
    if let run = rising.first {
      parts.append("the strongest run is \(Self.text(run, chunk)) of the mean \(signed(mean))")
    }
    // Of what is dropped one asks what speaks against it.
    if chunk.row.kept == false, let run = falling.first {
      parts.append("most is lost by \(Self.text(run, chunk))")
    }
    let text = parts.joined(separator: "; ")
    return text.isEmpty
      ? "No token stands out." : text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  /// "12% of tokens carry 61% of the gain; 41-55 "left_on=" +0.31; against: 7 "Home" -0.20".
  private func shortSentence(_ chunk: ChunkDetail) -> String {
    let few = Number.fixed(Double(strongest) / Double(tokens) * 100, 0)
    var parts = ["\(few)% of tokens carry \(Number.fixed(share * 100, 0))% of the gain"]
    if let run = rising.first { parts.append(Self.brief(run, chunk)) }
    if chunk.row.kept == false, let run = falling.first {
      parts.append("against: \(Self.brief(run, chunk))")
    }
    return parts.joined(separator: "; ")
  }

  private static func brief(_ span: ChunkSpan, _ chunk: ChunkDetail) -> String {
    let (first, last) = (span.tokens.lowerBound, span.tokens.upperBound - 1)
    let text = RowText.flat(chunk.tokens[span.tokens].map(\.text).joined()).drop { $0 == " " }
    return "\(first)\(first == last ? "" : "-\(last)") \"\(text.prefix(10))\" "
      + Number.signed(span.contribution, 2)
  }

  private func signed(_ value: Double) -> String { Number.signed(value, 2) }

  /// "tokens 41-55 "left_on=...", +0.31".
  static func text(_ span: ChunkSpan, _ chunk: ChunkDetail) -> String {
    let (first, last) = (span.tokens.lowerBound, span.tokens.upperBound - 1)
    let text = RowText.flat(chunk.tokens[span.tokens].map(\.text).joined())
      .drop { $0 == " " }
    let short = text.count > 24 ? "\(text.prefix(23))..." : String(text)
    let name = first == last ? "token \(first)" : "tokens \(first)-\(last)"
    return "\(name) \"\(short)\", \(Number.signed(span.contribution, 2))"
  }
}
