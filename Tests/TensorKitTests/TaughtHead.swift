import Foundation
import Testing

/// Sizes of the heads of a student and its teacher over some tokens.
struct TaughtHead: CustomTestStringConvertible {
  var tokens: Int
  var size: Int
  var vocabulary: Int
  var teacherSize: Int
  var teacherVocabulary: Int
  var testDescription: String {
    "\(tokens) tokens, \(vocabulary) x \(size) from \(teacherVocabulary) x \(teacherSize)"
  }

  static let all = [
    TaughtHead(tokens: 1, size: 3, vocabulary: 2, teacherSize: 1, teacherVocabulary: 2),
    TaughtHead(tokens: 5, size: 8, vocabulary: 37, teacherSize: 6, teacherVocabulary: 37),
    TaughtHead(tokens: 70, size: 16, vocabulary: 99, teacherSize: 9, teacherVocabulary: 130),
    TaughtHead(tokens: 30, size: 9, vocabulary: 1500, teacherSize: 12, teacherVocabulary: 1031),
    // More tokens than a block has.
    TaughtHead(tokens: 300, size: 4, vocabulary: 2100, teacherSize: 5, teacherVocabulary: 2100),
  ]

  /// log softmax of the first columns of a row of logits over a temperature.
  static func logSoftmax(
    _ row: Int, _ hidden: [Float], _ weight: [Float], size: Int, columns: Int,
    temperature: Double
  ) -> [Double] {
    var logits = [Double](repeating: 0, count: columns)
    for v in 0..<columns {
      for e in 0..<size {
        logits[v] += Double(hidden[row * size + e]) * Double(weight[v * size + e])
      }
      logits[v] /= temperature
    }
    let top = logits.max() ?? 0
    let sum = top + log(logits.reduce(0) { $0 + exp($1 - top) })
    return logits.map { $0 - sum }
  }
}
