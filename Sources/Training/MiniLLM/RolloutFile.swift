import Store

/// A rollout as safetensors: in a checkpoint that stands in its middle, and where rollouts are kept.
///
/// `tokens` are those of all sequences, prompts and new ones, cut at `offsets` [N + 1];
/// `prompt_lengths`, `chunks` and `finished` [N]. Of all new tokens: `log_probabilities`,
/// `teacher_log_probabilities`, `importance_weights`, `rewards` and `advantages`. `order` [E, N] are the
/// sequences in which each epoch takes them.
struct RolloutFile {
  let path: String

  /// Name of the file in a checkpoint.
  static let checkpointName = "rollout.safetensors"
  /// Folder of a run where rollouts are kept.
  static let folderName = "rollouts"

  init(path: String) { self.path = path }

  /// Where a run keeps a rollout.
  static func kept(_ rollout: Int, runFolder: String) -> RolloutFile {
    let digits = String(rollout + 1)
    let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
    return RolloutFile(path: "\(runFolder)/\(folderName)/rollout-\(zeros)\(digits).safetensors")
  }

  private static var figures: [(name: String, path: WritableKeyPath<RolloutSequence, [Float]>)] {
    [
      ("log_probabilities", \.logProbabilities),
      ("teacher_log_probabilities", \.teacherLogProbabilities),
      ("importance_weights", \.importanceWeights), ("rewards", \.rewards),
      ("advantages", \.advantages),
    ]
  }

  func write(_ rollout: Rollout, _ plan: RolloutPlan) throws(StoreError) {
    let sequences = rollout.sequences
    let tokens = sequences.flatMap { $0.prompt + $0.new }
    var offsets: [Int64] = [0]
    for sequence in sequences {
      offsets.append((offsets.last ?? 0) + Int64(sequence.prompt.count + sequence.new.count))
    }
    let order = (0..<plan.epochs).flatMap {
      plan.order(ofRollout: rollout.number, epoch: $0).map(Int32.init)
    }
    let new = sequences.reduce(0) { $0 + $1.new.count }
    func declare(
      _ name: String, _ type: ElementType, _ shape: [Int]
    ) -> SafetensorsWriter.Declaration {
      SafetensorsWriter.Declaration(name: name, type: type, shape: shape)
    }
    let count = sequences.count
    var writer = try SafetensorsWriter(
      replacing: path,
      tensors: [
        declare("tokens", .i32, [tokens.count]), declare("offsets", .i64, [count + 1]),
        declare("prompt_lengths", .i64, [count]), declare("chunks", .i64, [count]),
        declare("finished", .u8, [count]), declare("order", .i32, [plan.epochs, count]),
      ] + Self.figures.map { declare($0.name, .f32, [new]) },
      metadata: ["rollout": String(rollout.number)])
    do throws(StoreError) {
      try writer.write(tokens)
      try writer.write(offsets)
      try writer.write(sequences.map { Int64($0.prompt.count) })
      try writer.write(sequences.map { Int64($0.chunk) })
      try writer.write(sequences.map { UInt8($0.isFinished ? 1 : 0) })
      try writer.write(order)
      for (_, figure) in Self.figures {
        try writer.write(sequences.flatMap { $0[keyPath: figure] })
      }
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }

  /// - Throws: `TrainingError.damagedCheckpoint` for a file of other sizes; `StoreError`.
  func read() throws -> Rollout {
    let file = try SafetensorsFile(path: path)
    let tokens = try file.values(of: "tokens", as: Int32.self)
    let offsets = try file.values(of: "offsets", as: Int64.self).map(Int.init)
    let prompts = try file.values(of: "prompt_lengths", as: Int64.self).map(Int.init)
    let chunks = try file.values(of: "chunks", as: Int64.self)
    let finished = try file.values(of: "finished", as: UInt8.self)
    let figures = try Self.figures.map { try file.values(of: $0.name, as: Float.self) }
    func damaged(_ expected: String) -> TrainingError {
      .damagedCheckpoint(path: path, found: "columns that do not agree", expected: expected)
    }
    guard let number = file.metadata["rollout"].flatMap(Int.init) else {
      throw damaged("the number of the rollout")
    }
    guard offsets.count == prompts.count + 1, chunks.count == prompts.count,
      finished.count == prompts.count, offsets.first == 0, offsets.last == tokens.count
    else { throw damaged("as many sequences in each") }
    var sequences: [RolloutSequence] = []
    var place = 0
    for (index, prompt) in prompts.enumerated() {
      let range = (offsets[index], offsets[index + 1])
      guard prompt > 0, range.0 + prompt < range.1 else { throw damaged("new tokens in each") }
      let end = place + range.1 - range.0 - prompt
      guard figures.allSatisfy({ $0.count >= end }) else { throw damaged("a value a new token") }
      var sequence = RolloutSequence(
        chunk: Int(chunks[index]), prompt: Array(tokens[range.0..<range.0 + prompt]),
        new: Array(tokens[range.0 + prompt..<range.1]), isFinished: finished[index] != 0,
        logProbabilities: [], teacherLogProbabilities: [])
      for (column, figure) in zip(figures, Self.figures) {
        sequence[keyPath: figure.path] = Array(column[place..<end])
      }
      sequences.append(sequence)
      place = end
    }
    return Rollout(number: number, sequences: sequences)
  }
}
