import LanguageModels
import Testing
import Training

@Suite struct TrainingMemoryTests {
  @Test func twoStudentsShareOneWorkspace() throws {
    let compute = try Tiny.compute()
    let model = try Tiny.configuration(.mamba)
    let settings = Tiny.settings(steps: 1)
    let one = TrainingMemory(model: model, training: settings, compute: compute)
    let two = TrainingMemory(model: model, training: settings, students: 2, compute: compute)
    let role = ParameterTable(model).roleBytes
    #expect(one.weightBytes == role)
    #expect(one.gradientBytes == role)
    #expect(one.momentBytes == 2 * role)
    #expect(one.activationBytes > 0)
    #expect(two.totalBytes == one.totalBytes + 4 * role)
  }

  @Test func theMicroBatchThatWouldFitIsNamed() throws {
    let compute = try Tiny.compute()
    let model = try Tiny.configuration(.qwen2)
    var settings = Tiny.settings(steps: 1)
    settings.chunksPerStep = 64
    settings.chunksPerMicroBatch = 5
    let limit = TrainingMemory(model: model, training: settings, compute: compute).totalBytes
    settings.chunksPerMicroBatch = 64
    do {
      _ = try TrainingMemory.check(
        model: model, training: settings, compute: compute, limitBytes: limit)
      Issue.record("accepted")
    } catch {
      guard case .doesNotFit(let needed, limit, fittingChunks: 5, chunks: 64) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(needed > limit)
    }
    settings.chunksPerMicroBatch = 5
    _ = try TrainingMemory.check(
      model: model, training: settings, compute: compute, limitBytes: limit)
    do {
      _ = try TrainingMemory.check(
        model: model, training: settings, compute: compute, limitBytes: 1000)
      Issue.record("accepted")
    } catch {
      guard case .doesNotFit(_, _, fittingChunks: nil, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
