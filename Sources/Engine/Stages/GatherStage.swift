import DemoCorpus
import EngineInterface
import Numerics
import Pipeline

/// Gathers the demo's text from this machine and plants damage into it; other projects have theirs.
struct GatherStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    guard case .demo(let bytes) = context.settings.text else { return .done("text is given") }
    var options = DemoOptions()
    options.seed = context.settings.seed
    options.byteBudget = bytes
    context.progress(nil, detail: "reading packages")
    do {
      let manifest = try DemoCorpus.build(into: context.folder.corpus, options: options) {
        context.control.isStopping
      }
      for problem in manifest.problems { context.note(problem, .warning) }
      let documents = manifest.kinds.reduce(0) { $0 + $1.documents.values.reduce(0, +) }
      let bytes = manifest.kinds.reduce(0) { $0 + $1.bytes.values.reduce(0, +) }
      let damaged = manifest.planted.filter { $0.key != "none" }.values.reduce(0, +)
      return .done(
        "\(Number.grouped(documents)) documents of \(manifest.kinds.count) kinds, "
          + "\(Number.bytes(bytes)), \(Number.grouped(damaged)) damaged")
    } catch {
      if context.control.isStopping { return .stopped }
      throw error
    }
  }
}
