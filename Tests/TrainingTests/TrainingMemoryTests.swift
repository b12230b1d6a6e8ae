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
      guard
        case .doesNotFit(let needed, limit, chunks: 64, fittingChunks: 5, let checkpointed?) = error
      else {
        Issue.record("\(error)")
        return
      }
      #expect(needed > limit)
      #expect(checkpointed > 5)
    }
    settings.chunksPerMicroBatch = 5
    _ = try TrainingMemory.check(
      model: model, training: settings, compute: compute, limitBytes: limit)
    do {
      _ = try TrainingMemory.check(
        model: model, training: settings, compute: compute, limitBytes: 1000)
      Issue.record("accepted")
    } catch {
      guard case .doesNotFit(_, _, _, fittingChunks: nil, checkpointedChunks: nil) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
