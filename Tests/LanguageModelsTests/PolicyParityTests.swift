import Foundation
import LanguageModels
import Store
import TensorKit
import Testing

/// Policy loss, reverse divergence and their gradients against plain PyTorch, sequence by sequence without
/// padding, for students of three families (scripts/make_minillm_fixtures.py).
@Suite struct PolicyParityTests {
  static let names = ["qwen2-larger-teacher", "llama-larger-student", "mamba-larger-teacher"]
  private static let width: Float = 0.2

  private let compute: Compute

  init() throws { compute = try Fixture.compute() }

  private var fixtures: String { (Bundle.module.resourcePath ?? ".") + "/Fixtures" }

  private func expected(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: "\(fixtures)/minillm/\(name).safetensors")
  }

  private func model(
    _ name: String, _ role: String, precision: Precision = .f32
  ) throws -> any CausalLanguageModel {
    try LanguageModel.load(
      folder: "\(fixtures)/distillation/\(name)/\(role)", precision: precision,
      purpose: role == "teacher" ? .scoring : .training, compute: compute)
  }

  private struct Sequence {
    var prompt: [Int32]
    var new: [Int32]
    var advantages: [Float]
    var old: [Float]
    var weights: [Float]
  }

  private func sequences(_ name: String) throws -> [Sequence] {
    let file = try expected(name)
    var tokens = try file.values(of: "tokens", as: Int32.self)[...]
    let lengths = try file.values(of: "lengths", as: Int64.self).map(Int.init)
    var columns = try ["advantages", "old", "weights"].map {
      try file.values(of: $0, as: Float.self)[...]
    }
    func take<Value>(_ values: inout ArraySlice<Value>, _ count: Int) -> [Value] {
      defer { values = values.dropFirst(count) }
      return Array(values.prefix(count))
    }
    return stride(from: 0, to: lengths.count, by: 2).map { place in
      let new = lengths[place + 1]
      return Sequence(
        prompt: take(&tokens, lengths[place]), new: take(&tokens, new),
        advantages: take(&columns[0], new), old: take(&columns[1], new),
        weights: take(&columns[2], new))
    }
  }

  private struct Found {
    var figures: PolicyFigures
    /// Of the new tokens alone, in order.
    var logProbabilities: [Float]
    var teacherLogProbabilities: [Float]
    var divergences: [Float]
    var parts: [Double]
  }

  /// Adds the gradients of some sequences of `count` new tokens in all.
  private func run(
    _ student: any CausalLanguageModel, _ teacher: any CausalLanguageModel,
    _ sequences: [Sequence], count: Int, temperature: Double = 1, factor: Double = 1,
    checkpoints: Bool = false
  ) throws -> Found {
    let batch = PackedBatch(
      sampled: sequences.map { ($0.prompt, $0.new) }, weight: 1 / Float(count))
    let memory = try TaughtMemory(
      student, teacher, tokens: batch.tokenCount, checkpoints: checkpoints)
    func column(_ path: KeyPath<Sequence, [Float]>) -> [Float] {
      sequences.flatMap {
        [Float](repeating: .nan, count: $0.prompt.count - 1) + $0[keyPath: path]
      }
    }
    let ratio = ClippedRatio(width: Self.width)
    let objective = PolicyObjective(
      ratio: ratio, divergence: Float(factor), advantages: column(\.advantages),
      oldLogProbabilities: column(\.old), importanceWeights: column(\.weights))
    let figures = try teacher.withHead(batch, workspace: memory.teacher) { head in
      try student.policy(
        batch,
        PolicyRequest(
          teacher: head, temperature: Float(temperature), objective: objective,
          scratch: memory.scratch),
        workspace: memory.student)
    }
    let places = batch.targets.indices.filter { batch.targets[$0] >= 0 }
    let losses = places.map {
      ratio.loss(
        logProbability: figures.logProbabilities[$0], old: objective.oldLogProbabilities[$0],
        advantage: objective.advantages[$0], weight: objective.importanceWeights[$0])
    }
    let total = Double(count)
    return Found(
      figures: figures, logProbabilities: places.map { figures.logProbabilities[$0] },
      teacherLogProbabilities: places.map { figures.teacherLogProbabilities[$0] },
      divergences: places.map { figures.divergences[$0] },
      parts: [
        losses.reduce(0) { $0 + $1.value } / total,
        places.reduce(0) { $0 + Double(figures.divergences[$1]) } / total,
        Double(losses.count { $0.isClipped }) / total,
      ])
  }

  private func norm(_ values: some Swift.Sequence<Float>) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  private func close(_ found: [Float], _ values: [Float], _ most: Double) -> Bool {
    found.count == values.count && norm(zip(found, values).map { $0 - $1 }) <= most * norm(values)
  }

  @Test(arguments: names, 0..<3) func lossesAndGradients(name: String, number: Int) throws {
    let file = try expected(name)
    let (student, teacher) = (try model(name, "student"), try model(name, "teacher"))
    let sequences = try sequences(name)
    let count = sequences.reduce(0) { $0 + $1.new.count }
    let cases = try file.values(of: "cases", as: Double.self)
    for checkpoints in [false, true] {
      try student.parameters.clear(.gradients)
      let found = try run(
        student, teacher, sequences, count: count, temperature: cases[2 * number],
        factor: cases[2 * number + 1], checkpoints: checkpoints)
      let parts = try file.values(of: "\(number).parts", as: Double.self)
      for (part, value) in zip(found.parts, parts) {
        #expect(abs(part - value) <= 1e-5 * max(1, abs(value)))
      }
      for (name, values) in [
        ("log_q", found.logProbabilities), ("log_p", found.teacherLogProbabilities),
        ("divergence", found.divergences),
      ] {
        #expect(close(values, try file.values(of: "\(number).\(name)"), 1e-5), "\(name)")
      }
      for entry in student.parameters.table.entries where entry.tiedTo == nil {
        let values = try file.values(of: "\(number).grad.\(entry.name)", as: Float.self)
        let gradient = try #require(try student.parameters.copy(of: entry.name, .gradients))
        #expect(close(gradient, values, 1e-5) || norm(values) < 1e-7, "\(entry.name)")
      }
    }
  }

  /// A sequence has the same figures and gives the same gradient whatever stands beside it, in any
  /// order, and whatever lengths those have.
  @Test(arguments: names) func companyChangesNothing(name: String) throws {
    let (student, teacher) = (try model(name, "student"), try model(name, "teacher"))
    let sequences = try sequences(name)
    let count = sequences.reduce(0) { $0 + $1.new.count }
    func gradients(_ groups: [[Sequence]]) throws -> ([Float], [[Found]]) {
      try student.parameters.clear(.gradients)
      let found = try groups.map { [try run(student, teacher, $0, count: count)] }
      return (Array(try student.parameters.values(.gradients)), found)
    }
    let (whole, together) = try gradients([sequences])
    let (single, alone) = try gradients(sequences.map { [$0] })
    let (turned, _) = try gradients([sequences.reversed()])
    let (pairs, _) = try gradients([[sequences[3], sequences[0]], [sequences[1], sequences[2]]])
    for other in [single, turned, pairs] { #expect(close(other, whole, 2e-6)) }
    for path in [\Found.logProbabilities, \Found.divergences, \Found.teacherLogProbabilities] {
      #expect(
        close(alone.flatMap { $0[0][keyPath: path] }, together[0][0][keyPath: path], 2e-6))
    }
  }

  @Test(arguments: names) func studentsOfMixedPrecision(name: String) throws {
    guard compute.capability.has(.bf16, for: .training) else { return }
    let teacher = try model(name, "teacher")
    let student = try model(name, "student", precision: .bf16)
    let sequences = try sequences(name)
    let count = sequences.reduce(0) { $0 + $1.new.count }
    let found = try run(student, teacher, sequences, count: count)
    let parts = try expected(name).values(of: "0.parts", as: Double.self)
    #expect(abs(found.parts[1] / parts[1] - 1) < 0.05)
    let isFinite = try student.parameters.values(.gradients).allSatisfy { $0.isFinite }
    #expect(isFinite)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let name = Self.names[1]
    let (student, teacher) = (try model(name, "student"), try model(name, "teacher"))
    var sequence = try sequences(name)[0]
    // The larger student's columns that its teacher has not.
    sequence.new[0] = Int32(teacher.configuration.vocabularySize)
    #expect(throws: ModelError.self) { try run(student, teacher, [sequence], count: 1) }
    sequence = try sequences(name)[0]
    sequence.advantages.removeLast()
    #expect(throws: ModelError.self) { try run(student, teacher, [sequence], count: 1) }
  }
}
