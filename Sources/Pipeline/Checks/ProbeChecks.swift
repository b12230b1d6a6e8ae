import DifferenceSampling
import Foundation
import Numerics
import TensorKit
import Training

/// What two models' scores of the probe tell.
struct ProbeChecks {
  let teacher: ScoringProbe.Outcome
  let reference: ScoringProbe.Outcome
  /// Sizes of their vocabularies: a guess among so many has a loss of the logarithm of it.
  let vocabularies: (teacher: Int, reference: Int)
  let areSame: Bool
  /// Whether both have the weights that they were made with.
  let areUntrained: () -> Bool
  let precision: Precision

  func finite() -> CheckRow {
    let lost = [("teacher", teacher), ("reference", reference)].filter { $0.1.nonFinite > 0 }
    guard !lost.isEmpty else {
      return CheckRow(.finite, .ok, "every log-probability of the probe is a number")
    }
    return CheckRow(
      .finite, .failed,
      lost.map { "the \($0.0) gives \($0.1.nonFinite) log-probabilities that are no numbers" }
        .joined(separator: ", ") + " on \(teacher.means.count) chunks in \(precision.rawValue)",
      advice: precision == .f32
        ? "Its weights are damaged or its training has diverged: use another model."
        : "Try --precision f32; if that gives none either, the weights are damaged.")
  }

  /// Better by more than chance: the paired differences of the chunks, with their 95 % interval.
  func better() -> CheckRow {
    let rows = teacher.means.indices.filter {
      teacher.counted[$0] > 0 && teacher.means[$0].isFinite && reference.means[$0].isFinite
    }
    guard rows.count >= 2 else {
      return CheckRow(
        .teacher, .unknown, "the probe has \(rows.count) chunks with a loss: nothing can be told")
    }
    let count = Double(rows.count)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / count }
    let losses = (
      mean(rows.map { Double(teacher.means[$0]) }), mean(rows.map { Double(reference.means[$0]) })
    )
    let differences = rows.map { Double(reference.means[$0]) - Double(teacher.means[$0]) }
    let gain = mean(differences)
    let squares = differences.reduce(0) { $0 + ($1 - gain) * ($1 - gain) }
    let halfWidth =
      (squares / (count - 1) / count).squareRoot()
      * StudentT.quantile975(degreesOfFreedom: rows.count - 1)
    let figures =
      "teacher \(Number.fixed(losses.0, 3)), reference \(Number.fixed(losses.1, 3)) nats per token on "
      + "\(rows.count) chunks, gain \(Number.signed(gain, 3)) +- \(Number.fixed(halfWidth, 3))"
    let models = [
      ("teacher", losses.0, teacher, vocabularies.teacher),
      ("reference", losses.1, reference, vocabularies.reference),
    ]
    let fresh = models.filter { Self.isFresh(loss: $0.1, $0.2, vocabulary: $0.3) }.map(\.0)
    for (role, loss, _, vocabulary) in models
    where !fresh.contains(role) && loss > log(Double(vocabulary)) {
      return CheckRow(
        .teacher, .failed,
        "the \(role) is worse than guessing (\(Number.fixed(log(Double(vocabulary)), 3))): \(figures)",
        advice: "Its ids are likely others than the shards': compare the tokenizers.")
    }
    if areSame {
      return CheckRow(
        .teacher, .warning,
        "teacher and reference are the same model: every difference is 0, and a selection by it "
          + "means nothing")
    }
    if gain + halfWidth < 0, !(fresh.count == 2 && areUntrained()) {
      return CheckRow(
        .teacher, .failed, "the teacher is worse than the reference: \(figures)",
        advice: "Were the two exchanged? A teacher has to know the text better.")
    }
    if fresh.count == 2 {
      return CheckRow(
        .teacher, .warning,
        "neither model has learnt anything, they hold all tokens about equally likely: \(figures)")
    }
    if gain - halfWidth <= 0 {
      return CheckRow(
        .teacher, .warning, "the teacher is not better by more than chance: \(figures)")
    }
    return CheckRow(.teacher, .ok, "the teacher is better: \(figures)")
  }

  /// Whether a model has the loss of a guess because it holds all tokens about equally likely: its
  /// weights are as they were drawn.
  private static func isFresh(
    loss: Double, _ outcome: ScoringProbe.Outcome, vocabulary: Int
  ) -> Bool {
    loss > 0.9 * log(Double(vocabulary)) && outcome.tokenSpread < 1
  }

  /// Seconds for `tokens` inputs through both models.
  func seconds(tokens: Int) -> Double {
    Double(tokens) / max(teacher.tokensPerSecond, 1e-9)
      + Double(tokens) / max(reference.tokensPerSecond, 1e-9)
  }

  func speed(tokens: Int) -> CheckRow {
    let seconds = seconds(tokens: tokens)
    let figures =
      "\(precision.rawValue), teacher \(Number.grouped(Int(teacher.tokensPerSecond))) and reference "
      + "\(Number.grouped(Int(reference.tokensPerSecond))) tokens/s: \(Number.count(tokens)) tokens "
      + "take about \(Number.duration(seconds))"
    guard seconds > Self.long else { return CheckRow(.speed, .ok, figures) }
    return CheckRow(
      .speed, .warning, figures,
      advice: "Score a part of the corpus, use smaller models, or more machines.")
  }

  /// A month.
  private static let long = 30.0 * 86_400
}
