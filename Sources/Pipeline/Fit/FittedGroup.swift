import ScalingLaws

/// A group with its laws and their resamples.
struct FittedGroup {
  let name: String
  let points: [LossPoint]
  let fit: ComputeFit
  let laws: LawBootstrap<ComputeLaw>
  /// The law of size and data, where the points are of several of both.
  let sizes: (fit: SizeFit, laws: LawBootstrap<SizeLaw>)?

  /// - Throws: `ScalingLawError`, `LinearAlgebraError`, `WorkStopped`.
  init(
    _ group: FitGroup, points: [LossPoint], _ settings: Fit.Settings, _ work: Work
  ) throws {
    let count = Double(max(1, settings.resampling.count))
    func progress(_ range: ClosedRange<Double>) -> (Int) throws -> Void {
      let part = work.part(range)
      return { done in
        part.report(
          .init(Double(done) / count, detail: "\(done) of \(settings.resampling.count) resamples"))
        try part.checkpoint()
      }
    }
    name = group.name
    self.points = points
    let hasSizes = SizeFit.isPossible(points)
    fit = try ComputeFit(points, delta: settings.delta)
    laws = try LawBootstrap(
      fit, points, delta: settings.delta, resampling: settings.resampling, name: group.name,
      progress: progress(0...(hasSizes ? 0.3 : 1)))
    guard hasSizes else {
      sizes = nil
      return
    }
    // That the loss falls with the computation does not mean that it falls with both its factors.
    let found: SizeFit?
    do {
      found = try SizeFit(points, delta: settings.delta)
    } catch is ScalingLawError {
      found = nil
    }
    sizes = try found.map { fit in
      (
        fit,
        try LawBootstrap(
          fit, points, delta: settings.delta, resampling: settings.resampling,
          name: group.name + " by size", progress: progress(0.3...1))
      )
    }
  }
}
