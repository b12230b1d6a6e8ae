import DemoCorpus
import EngineInterface
import Numerics
import Pipeline

/// Gathers the demo's text from this machine and plants damage into it; other projects have theirs.
struct GatherStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    let bytes: Int
    switch context.settings.text {
    case .files: return .done("text is given")
    case .demo(let wanted): bytes = wanted
    case .demoForThisMachine:
      let size = try DemoSize(
        measuring: context.settings, compute: context.compute, work: context.work)
      context.note(size.text)
      bytes = size.bytes
    }
    var options = DemoOptions()
    options.seed = context.settings.seed
    options.byteBudget = bytes
    let work = context.work
    let manifest: DemoManifest
    do throws(DemoCorpusError) {
      manifest = try DemoCorpus.build(into: context.folder.corpus, options: options) {
        !work.goesOn(WorkProgress(nil, detail: "reading packages"))
      }
    } catch {
      if error == .cancelled { throw WorkStopped() }
      throw error
    }
    for problem in manifest.problems { work.note(problem, .warning) }
    let documents = manifest.kinds.reduce(0) { $0 + $1.documents.values.reduce(0, +) }
    let size = manifest.kinds.reduce(0) { $0 + $1.bytes.values.reduce(0, +) }
    let damaged = manifest.planted.filter { $0.key != "none" }.values.reduce(0, +)
    return .done(
      "\(Number.grouped(documents)) documents of \(manifest.kinds.count) kinds, "
        + "\(Number.bytes(size)), \(Number.grouped(damaged)) damaged")
  }
}
