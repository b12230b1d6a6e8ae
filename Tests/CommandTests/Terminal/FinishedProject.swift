import Foundation

/// A project whose stages are all done, made once; every test works on a copy.
enum FinishedProject {
  private static let original = Result { () -> Workplace in
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    for arguments in [
      [
        "init", "project", "--corpus", "\(work.path)/corpus.jsonl", "--held-out",
        "\(work.path)/held.jsonl", "--tokenizer", "\(work.path)/tok", "--teacher",
        "\(work.path)/teacher", "--reference", "\(work.path)/reference", "--max-length", "33",
        "--waive", "teacher", "--set", "student.training.epochs=1",
      ], ["run", "project", "--threads", "1", "--quiet"],
    ] {
      let outcome = try Program.run(arguments, in: place.path)
      guard outcome.status == 0 else { throw TinyWork.Failure(text: outcome.errors) }
    }
    return place
  }

  /// Puts a copy into `place`.
  static func copy(to place: Workplace) throws {
    try FileManager.default.copyItem(
      atPath: original.get().path + "/project", toPath: place.path + "/project")
  }
}
