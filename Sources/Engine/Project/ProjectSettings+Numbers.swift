import Corpus

/// The numbers of a project, each with the range in which everything that is planned from it is
/// still a number. They come from a file that people edit.
extension ProjectSettings {
  /// - Throws: `EngineError.setting` with the key in project.json.
  func checkNumbers() throws(EngineError) {
    let planned = 1...(1 << 24)
    let counted = 1...(1 << 40)
    try Self.check("scoringBlock", scoringBlock, planned)
    try Self.check("corpus.packing.maximumLength", corpus.packing.maximumLength, 1...(1 << 24))
    try Self.check("corpus.shards.chunksPerShard", corpus.shards.chunksPerShard, counted)
    try Self.check("corpus.reader.longestDocument", corpus.reader.longestDocument, counted)
    if case .trained(let size) = tokenizer {
      try Self.check("tokenizer.trained.vocabularySize", size, 257...(1 << 24))
    }
    if case .demo(let bytes) = text {
      try Self.check("text.demo.bytes", bytes, 65_536...(1 << 40))
    }
    try Self.check("student", student)
    if let teaching = student.teaching { try Self.check("student.teaching", teaching) }
    let evaluates = if case .files(_, _, let heldOut) = text { !heldOut.isEmpty } else { true }
    if let records = student.records {
      try Self.check("student.records", records, evaluates: evaluates)
    }
    for (role, origin) in [("teacher", teacher), ("reference", reference)] {
      guard case .trained(let model) = origin else { continue }
      try Self.check("\(role).trained", model)
      if let records = model.records {
        try Self.check("\(role).trained.records", records, evaluates: evaluates)
      }
      if model.teaching != nil {
        throw .setting(
          name: "\(role).trained.teaching", found: "a teaching",
          expected: "none: the students alone are taught")
      }
    }
  }

  private static func check(_ role: String, _ model: TrainedModel) throws(EngineError) {
    let (shape, plan) = (model.shape, model.training)
    try check("\(role).shape.hiddenSize", shape.hiddenSize, 1...(1 << 20))
    try check("\(role).shape.layerCount", shape.layerCount, 1...4096)
    try check("\(role).shape.headCount", shape.headCount, 0...(1 << 16))
    try check("\(role).shape.intermediateSize", shape.intermediateSize, 0...(1 << 24))
    let training = "\(role).training"
    try check("\(training).chunksPerStep", plan.chunksPerStep, 1...(1 << 24))
    try check(
      "\(training).chunksPerMicroBatch", plan.chunksPerMicroBatch, 1...plan.chunksPerStep)
    try check("\(training).evaluations", plan.evaluations, 0...(1 << 24))
    try check("\(training).evaluationChunks", plan.evaluationChunks, 1...(1 << 40))
    try check("\(training).checkpoints", plan.checkpoints, 0...(1 << 24))
    try check("\(training).epochs", plan.epochs, "above 0, up to 1000000") { $0 > 0 && $0 <= 1e6 }
    try check("\(training).learningRate", plan.learningRate, "0 to 1000000") {
      (0...1e6).contains($0)
    }
    try check(
      "\(training).minimumLearningRate", plan.minimumLearningRate,
      "0 to learningRate (\(plan.learningRate))"
    ) { $0 >= 0 && $0 <= plan.learningRate }
    try check("\(training).warmupShare", plan.warmupShare, "0 to 1") { (0...1).contains($0) }
    // The optimiser counts in `Float`, where 0.99999999 is 1.
    try check(
      "\(training).beta2", plan.beta2, "0 or more and below 1 (in single precision)"
    ) { $0 >= 0 && Float($0) < 1 }
    if let steps = plan.steps { try check("\(training).steps", steps, 1...(1 << 40)) }
    if let warmup = plan.warmupSteps { try check("\(training).warmupSteps", warmup, 0...(1 << 40)) }
    if let beta1 = plan.beta1 {
      try check("\(training).beta1", beta1, "0 or more and below 1 (in single precision)") {
        $0 >= 0 && Float($0) < 1
      }
    }
    if let epsilon = plan.epsilon {
      try check("\(training).epsilon", epsilon, "above 0, up to 1") { Float($0) > 0 && $0 <= 1 }
    }
    if let clip = plan.gradientClip {
      try check("\(training).gradientClip", clip, "above 0, up to 1e30") { $0 > 0 && $0 <= 1e30 }
    }
    try check("\(training).weightDecay", plan.weightDecay, "0 to 1000000") {
      (0...1e6).contains($0)
    }
  }

  private static func check(
    _ role: String, _ records: TrainingRecords, evaluates: Bool
  ) throws(EngineError) {
    let steps = 1...(1 << 40)
    for (key, value) in [
      ("keepLast", records.keepLast), ("keepEvery", records.keepEvery),
      ("sampleEvery", records.sampleEvery),
    ] {
      if let value { try check("\(role).\(key)", value, steps) }
    }
    if let tokens = records.sampleTokens {
      try check("\(role).sampleTokens", tokens, 1...(1 << 24))
    }
    guard (records.sampleEvery == nil) == (records.samplePrompts ?? []).isEmpty else {
      throw .setting(
        name: "\(role).sampleEvery",
        found: records.sampleEvery == nil ? "samplePrompts alone" : "no samplePrompts",
        expected: "steps between samples and the texts that they go on from, or neither")
    }
    if records.keepBest ?? false, !evaluates {
      throw .setting(
        name: "\(role).keepBest", found: "true, and no held-out text",
        expected: "held-out text, by whose loss the best is known")
    }
  }

  private static func check(_ role: String, _ teaching: StudentTeaching) throws(EngineError) {
    try check("\(role).ratio", teaching.ratio, "0 to 1") { (0...1).contains($0) }
    try check("\(role).temperature", teaching.temperature, "0.01 to 1000") {
      (0.01...1000).contains($0)
    }
  }

  private static func check(
    _ name: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(EngineError) {
    guard range.contains(value) else {
      throw .setting(
        name: name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
  }

  private static func check(
    _ name: String, _ value: Double, _ expected: String, _ holds: (Double) -> Bool
  ) throws(EngineError) {
    guard holds(value) else { throw .setting(name: name, found: "\(value)", expected: expected) }
  }
}
