public import LanguageModels
import Numerics
import TensorKit

extension Work {
  /// Tells how far a model is read, a few times a second, and ends that when the work is to stop:
  /// large models take minutes from a slow disk.
  ///
  /// - Parameter what: as sentences name it, for example "the teacher".
  public func loading(_ what: String) -> LoadingProgress {
    Self.loading(what) { words in
      try checkpoint()
      report(WorkProgress(nil, detail: words))
    }
  }

  /// The same, told to `say`.
  public static func loading(
    _ what: String, _ say: @escaping (String) throws -> Void
  ) -> LoadingProgress {
    let clock = ContinuousClock()
    var last = clock.now
    // A model that is there within the blink of an eye needs no words.
    return { share in
      guard clock.now - last > .milliseconds(250) else { return }
      last = clock.now
      try say("loading \(what): \(Number.percent(share))")
    }
  }
}

extension ModelFolder {
  /// Reads the model and says how far that is; see `load`.
  ///
  /// - Throws: also `WorkStopped`.
  func load(
    precision: Precision, purpose: WorkspacePurpose = .training, compute: Compute, _ work: Work
  ) throws -> any CausalLanguageModel {
    try load(
      precision: precision, purpose: purpose, compute: compute, progress: work.loading(name))
  }
}
