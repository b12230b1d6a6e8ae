public import Training

/// How far the loss curves of training runs lie from that of the first.
public struct CompareCurves {
  /// A run, and its curve beside the first one's.
  public struct Row: Sendable, Encodable {
    public let run: String
    public let curve: CurveComparison
  }

  private let runs: [String]
  private let window: Int

  /// - Parameters:
  ///   - runs: run folders.
  ///   - window: logged steps of the moving mean.
  public init(runs: [String], window: Int) {
    self.runs = runs
    self.window = window
  }

  /// One row for each run but the first.
  ///
  /// - Throws: `StoreError`, `TrainingError`.
  public func run(_ work: Work) throws -> [Row] {
    guard let first = try runs.first.map(Self.losses) else { return [] }
    return try runs.dropFirst().map { run in
      try work.checkpoint()
      return Row(
        run: run, curve: try CurveComparison(first, Self.losses(run), window: window))
    }
  }

  private static func losses(_ run: String) throws -> [Int: Double] {
    CurveComparison.losses(of: try MetricsLog.read(runFolder: run))
  }
}
