import EngineInterface

/// Event lists of typical moments.
extension FixtureSnapshots {
  static let notices: [EngineEvent] = [
    .notice(Notice(level: .info, text: "Project opened: demo.", time: "12:40:01")),
    .notice(Notice(level: .warning, text: "3 lines rejected: no text field.", time: "12:40:03")),
  ]

  private var beginning: [EngineEvent] {
    Self.notices + [.corpus(corpusPicture), .chunkRows(rows(ChunkQuery(count: 200)))]
  }

  var teacherTraining: [EngineEvent] {
    [.project(project(done: 3))] + beginning + [
      .models(models(step: 120)),
      .job(
        JobSnapshot(
          stage: .teacher, state: .running, fraction: 0.4, elapsed: 61, eta: 92,
          detail: "step 120/300, loss 3.61", unsaved: "20 steps since the last checkpoint")),
    ]
  }

  var scoringNow: [EngineEvent] {
    [.project(project(done: 5))] + beginning + [
      .models(models(step: nil)), .scoring(scoring(done: 744)),
      .job(
        JobSnapshot(
          stage: .score, state: .running, fraction: 0.62, elapsed: 395, eta: 161,
          detail: "744/1,200 chunks", unsaved: "40 chunks of the open block")),
    ]
  }

  /// Scored, waiting for a person.
  func choosing(ratio: Double = 0.5) -> [EngineEvent] {
    let pins = [SelectionSnapshot.Pin(name: "A", ratio: 0.3, threshold: threshold(0.3))]
    return [.project(project(done: 6, running: false))] + beginning + [
      .models(models(step: nil)), .scoring(scoring(done: 1200)),
      .selection(selection(ratio, pins: pins)), .price(price(ratio)),
      .job(JobSnapshot(stage: .score, state: .done, fraction: 1, elapsed: 600)),
      .commit(commit(.planned, ratio: ratio)),
    ]
  }

  var trainingNow: [EngineEvent] {
    choosing() + [
      .commit(commit(.written("/home/ann/demo/commits/0001-r0.50"))),
      .project(project(done: 8)), .training(training(step: 160)),
      .job(
        JobSnapshot(
          stage: .train, state: .running, fraction: 0.4, elapsed: 136, eta: 204,
          detail: "A 160/400, B 156/400", unsaved: "12 steps")),
    ]
  }

  var finished: [EngineEvent] {
    trainingNow + [
      .project(project(done: 10, running: false)), .training(training(step: 400)),
      .comparison(comparison),
      .job(JobSnapshot(stage: .compare, state: .done, fraction: 1, elapsed: 30)),
    ]
  }

  /// All is trained and compared; tasks are at work.
  var evaluating: [EngineEvent] {
    finished + [
      .evaluation(FixtureEvaluation.running),
      .job(
        JobSnapshot(
          stage: .evaluate, state: .running, fraction: 0.6, elapsed: 610, eta: 441,
          detail: "student B, LAMBADA, 1,752 of 5,153 items")),
    ]
  }

  /// The tasks are done.
  var evaluated: [EngineEvent] {
    finished + [
      .evaluation(FixtureEvaluation.done),
      .job(JobSnapshot(stage: .evaluate, state: .done, fraction: 1, elapsed: 1051)),
    ]
  }

  /// The moment at which a screen is most interesting.
  func events(for screen: Int) -> [EngineEvent] {
    switch screen {
    case 1: scoringNow
    case 2: teacherTraining
    case 3: scoringNow
    case 7: trainingNow
    case 8: finished
    case 9: evaluating
    default: choosing()
    }
  }
}
