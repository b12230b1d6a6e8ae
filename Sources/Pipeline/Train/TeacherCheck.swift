import LanguageModels
import Store
import Tokenizers

/// Whether a teacher's distributions are over the tokens of a student and of the shards.
struct TeacherCheck {
  let folder: ModelFolder
  /// The student's, where one is known.
  let tokenizer: String?
  let student: ModelConfiguration
  let shards: String

  /// - Throws: `PipelineError.setting` for a teacher of another tokenizer, or with fewer ids than the
  ///   tokenizer gives; `ModelError`, `TokenizerError`.
  func require(_ work: Work) throws {
    let teacher = try folder.configuration()
    if teacher.vocabularySize != student.vocabularySize {
      let shared = min(teacher.vocabularySize, student.vocabularySize)
      work.note(
        "the teacher has \(teacher.vocabularySize) columns, the student "
          + "\(student.vocabularySize): the divergence is over the first \(shared)")
    }
    let students = tokenizer.flatMap {
      ModelFolder($0).tokenizerIfPresent ?? (Folder.isFolder($0) ? nil : $0)
    }
    guard let own = folder.tokenizerIfPresent, let place = students else {
      work.note(
        "\(folder.tokenizerIfPresent == nil ? "the teacher" : "the student") brings no tokenizer: "
          + "nothing tells whether the ids of both mean the same", .warning)
      return
    }
    let packing = try Tokenizer.load(from: place)
    guard packing.vocabularySize <= teacher.vocabularySize else {
      throw PipelineError.setting(
        name: "teacher",
        found: "\(folder.path) with \(teacher.vocabularySize) ids",
        expected: "at least the \(packing.vocabularySize) of the student's tokenizer")
    }
    let comparison = TokenizerComparison(packing, try Tokenizer.load(from: own))
    switch comparison.outcome {
    case .identical: break
    case .sameIDs: work.note("the tokenizers of student and teacher: \(comparison.words)")
    case .different:
      throw PipelineError.setting(
        name: "teacher", found: "\(folder.path), whose tokenizer gives \(comparison.words)",
        expected: "a teacher of the student's tokenizer")
    }
    try ShardsTokenizer(ofShards: shards).compare(with: folder, tokenizer: place, work)
  }
}
