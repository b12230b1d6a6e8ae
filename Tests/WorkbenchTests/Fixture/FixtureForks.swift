import EngineInterface

/// Snapshots of batches, forks and questions.
extension FixtureSnapshots {
  /// What the engine says of a batch: its chunks, then their losses.
  func batch(_ run: String, step: Int) -> [EngineEvent] {
    let files = ["text/essays.jsonl:118", "text/essays.jsonl:119", "code/parser.c", ""]
    var chunks = (0..<4).map { place in
      let document = corpus.documents[(7 * step + 31 * place) % corpus.documents.count]
      return BatchSnapshot.Chunk(
        number: 4 * step + place, scored: place == 3 ? nil : document.index,
        source: document.source, tokens: document.tokens, documents: place + 1,
        place: files[place], difference: document.difference, teacherLoss: 2.91,
        referenceLoss: 2.91 + document.difference)
    }
    var first = BatchSnapshot(
      run: run, step: step, state: .computing, loss: 5.127, lossZScore: 7.4, chunks: chunks)
    for (place, loss) in [9.871, .nan, 3.204, 3.115].enumerated() { chunks[place].loss = loss }
    var full = first
    full.state = .ready
    full.checkpoint = (step - 1) / 20 * 20
    full.chunks = [chunks[1], chunks[0], chunks[2], chunks[3]]
    first.state = .computing
    return [.batch(first), .batch(full)]
  }

  /// Two students and two forks, one of the other.
  var forkedTraining: TrainingSnapshot {
    var training = training(step: 400)
    var one = run("B fork 1", corpus: "refined 0.50", step: 320, level: 3.05)
    one.fork = ForkNote(parent: "B refined", step: 80, dropped: 3)
    var two = run("B fork 2", corpus: "refined 0.50", step: 260, level: 2.9)
    two.fork = ForkNote(parent: "B fork 1", step: 200, dropped: 5)
    training.runs += [one, two]
    return training
  }

  /// The project while a run waits for an answer.
  var askingProject: ProjectSnapshot {
    var project = project(done: 8)
    project.question = FaultQuestion(
      kind: .spike, run: "B refined", step: 157,
      text: "before the update of step 157: loss 9.127 is 14.2 deviations above its last values")
    return project
  }
}
