import Corpus
import CorpusStudy
import EngineInterface

/// The count of equal texts, lengths and scripts.
extension Desk {
  /// Starts a study of the packed corpus, or ends the one at work.
  func studyCorpus() throws {
    guard let library else {
      note("There are no chunks yet; the corpus can be studied once they are packed.", .warning)
      return
    }
    if let study {
      study.cancel()
      return
    }
    var options = CorpusStudy.Options()
    // Beside the project: what a large corpus needs may be too much for the system's own folder.
    options.scratch = folder.path
    let work = try CorpusStudy(
      shards: library.shards, tokenizer: library.tokenizer, options: options)
    let task = StudyTask()
    study = task
    studyState = .running(what: StudyTask.title(.reading), fraction: 0)
    task.start(work, threads: engine.threads, into: library.shards.folder) {
      [mailbox = engine.mailbox] in mailbox.send(.studied($0))
    }
    try showCorpus()
  }

  /// Takes how far the study is.
  func take(_ state: StudyTask.State) throws {
    guard let study, ObjectIdentifier(study) == state.task else { return }
    studyState = .running(what: StudyTask.title(state.phase), fraction: state.fraction)
    if state.isDone {
      self.study = nil
      studyState = .none
      if let failure = state.failure { note(failure, .error) }
    }
    try showCorpus()
  }
}

extension StudyTask {
  /// What a phase does, for people.
  static func title(_ phase: CorpusStudy.Phase) -> String {
    switch phase {
    case .reading: "reading texts"
    case .comparing: "comparing texts"
    }
  }
}

extension CorpusSnapshot.Source {
  /// Adds what a study found.
  mutating func take(_ found: StudyReport.Source) {
    let texts = Double(max(1, found.texts))
    duplicateShare = Double(found.duplicates) / texts
    nearDuplicateShare = found.nearDuplicates.map { Double($0) / texts }
    bytesPerToken = found.bytesPerToken
    textLengths = found.lengths
    let bytes = Double(max(1, found.bytes))
    scripts = found.scripts.sorted { ($1.value, $0.key.name) < ($0.value, $1.key.name) }.map {
      CorpusSnapshot.ScriptShare(name: $0.key.name, share: Double($0.value) / bytes)
    }
  }
}
