/// The columns of StoryCloze by whatever names: the hub's (`input_sentence_1`, `sentence_quiz1`) or
/// those of the official tables (`InputSentence1`, `RandomFifthSentenceQuiz1`), whose capitals differ
/// between 2016 and 2018.
enum StoryClozeRow {
  struct Columns: Equatable {
    var sentences: [String]
    var endings: [String]
    /// Missing in the test sets that are given out.
    var answer: String?
    var id: String?
  }

  /// The columns of a row; nil if it is none of StoryCloze.
  static func columns(of row: TaskRow) -> Columns? {
    var named: [String: String] = [:]
    for name in row.names {
      let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
      for prefix in ["input", "randomfifth", ""] where plain.hasPrefix(prefix) {
        named[String(plain.dropFirst(prefix.count))] = name
        break
      }
    }
    let sentences = (1...4).compactMap { named["sentence\($0)"] }
    let endings = (1...2).compactMap { named["sentencequiz\($0)"] }
    guard sentences.count == 4, endings.count == 2 else { return nil }
    return Columns(
      sentences: sentences, endings: endings, answer: named["answerrightending"],
      id: named["storyid"])
  }
}
