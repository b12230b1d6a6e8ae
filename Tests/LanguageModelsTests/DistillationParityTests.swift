import Foundation
import LanguageModels
import Store
import TensorKit
import Testing

/// Vanilla KD against plain PyTorch on whole tensors of logits, for students of every family and
/// teachers of other families, sizes and vocabularies (scripts/make_distillation_fixtures.py).
@Suite struct DistillationParityTests {
  static let names = [
    "qwen2-equal", "qwen2-larger-teacher", "llama-larger-student", "mamba-larger-teacher",
  ]
  private static let cases = 5

  private let compute: Compute

  init() throws { compute = try Fixture.compute() }

  private func folder(_ name: String) -> String {
    (Bundle.module.resourcePath ?? ".") + "/Fixtures/distillation/" + name
  }

  private func expected(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: folder(name) + "/expected.safetensors")
  }

  private func model(
    _ name: String, _ role: String, precision: Precision = .f32,
    purpose: WorkspacePurpose = .training
  ) throws -> any CausalLanguageModel {
    try LanguageModel.load(
      folder: "\(folder(name))/\(role)", precision: precision, purpose: purpose, compute: compute)
  }

  private func batch(_ name: String) throws -> PackedBatch {
    let expected = try expected(name)
    let tokens = try expected.values(of: "chunks", as: Int32.self)
    let offsets = try expected.values(of: "chunk_offsets", as: Int32.self).map(Int.init)
    let chunks = zip(offsets, offsets.dropFirst()).map { Array(tokens[$0..<$1]) }
    return try PackedBatch(
      chunks: chunks, endOfText: Fixture.endOfText, weighting: .chunkMean(chunks: chunks.count))
  }

  /// LM, KL, entropy and the gradients of a case.
  private func distill(
    _ student: any CausalLanguageModel, _ teacher: any CausalLanguageModel, _ batch: PackedBatch,
    ratio: Double, temperature: Double, checkpoints: Bool = false
  ) throws -> (parts: [Double], squares: DistillationLosses.GradientSquares?) {
    let memory = try TaughtMemory(
      student, teacher, tokens: batch.tokenCount, checkpoints: checkpoints)
    try student.parameters.clear(.gradients)
    let losses = try teacher.withHead(batch, workspace: memory.teacher) { head in
      try student.distill(
        batch,
        DistillationRequest(
          .head(head),
          loss: HeadDistillation(ratio: Float(ratio), temperature: Float(temperature)),
          measuresGradients: true, scratch: memory.scratch), workspace: memory.student)
    }
    let parts = [losses.negativeLogLikelihoods, losses.divergences, losses.entropies].map {
      batch.loss(of: $0)
    }
    return (parts, losses.gradientSquares)
  }

  @Test(arguments: names, 0..<cases)
  func lossesAndGradients(name: String, number: Int) throws {
    let expected = try expected(name)
    let (student, teacher) = (
      try model(name, "student"), try model(name, "teacher", purpose: .scoring)
    )
    let setting = try expected.values(of: "cases", as: Double.self)[2 * number..<2 * number + 2]
    let (ratio, temperature) = (setting[2 * number], setting[2 * number + 1])
    let batch = try batch(name)
    for checkpoints in [false, true] {
      let found = try distill(
        student, teacher, batch, ratio: ratio, temperature: temperature, checkpoints: checkpoints)
      let parts = try expected.values(of: "\(number).parts", as: Double.self)
      for (part, reference) in zip(found.parts, parts) { #expect(abs(part - reference) < 1e-5) }
      for entry in student.parameters.table.entries where entry.tiedTo == nil {
        let values = try expected.values(of: "\(number).grad.\(entry.name)", as: Float.self)
        let gradient = try #require(try student.parameters.copy(of: entry.name, .gradients))
        let difference = norm(zip(gradient, values).map { $0 - $1 })
        #expect(difference < 1e-4 * norm(values) + 1e-7, "\(entry.name)")
      }
      let squares = try #require(found.squares)
      #expect((squares.likelihood < 1e-12) == (ratio == 1))
      #expect((squares.divergence < 1e-12) == (ratio == 0))
    }
  }

  @Test(arguments: names, [Precision.bf16, .int8])
  func teachersOfReducedPrecision(name: String, precision: Precision) throws {
    let student = try model(name, "student")
    let teacher = try model(name, "teacher", precision: precision, purpose: .scoring)
    let found = try distill(student, teacher, try batch(name), ratio: 0.5, temperature: 1)
    let parts = try expected(name).values(of: "0.parts", as: Double.self)
    #expect(abs(found.parts[0] - parts[0]) < 1e-5)
    #expect(abs(found.parts[1] / parts[1] - 1) < 0.1)
  }

  @Test(arguments: names)
  func studentsOfMixedPrecision(name: String) throws {
    guard compute.capability.has(.bf16, for: .training) else { return }
    let student = try model(name, "student", precision: .bf16)
    let teacher = try model(name, "teacher", purpose: .scoring)
    let found = try distill(student, teacher, try batch(name), ratio: 0.5, temperature: 2)
    let parts = try expected(name).values(of: "1.parts", as: Double.self)
    for (part, reference) in zip(found.parts, parts) {
      #expect(abs(part / reference - 1) < 0.05)
    }
    let values = try student.parameters.values(.gradients)
    let isFinite = values.allSatisfy { $0.isFinite }
    #expect(isFinite)
  }

  private func norm(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
