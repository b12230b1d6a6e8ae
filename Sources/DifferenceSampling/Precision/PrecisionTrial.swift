public import Corpus
public import Store
public import TensorKit

/// Scores one sample of chunks in several precisions, each with a scoring job in a folder of its own,
/// so that a stopped or killed comparison goes on where it was.
public struct PrecisionTrial {
  /// A model as a job with these settings, and their precision, scores with it.
  public typealias Model = (ScoringSettings) throws -> ScoringModel

  let source: any ChunkSource
  let corpus: ArtifactIdentity
  let teacher: Model
  let reference: Model
  let settings: ScoringSettings
  let folder: String

  /// - Parameters:
  ///   - corpus: name and digest of what `source` was taken from, and how.
  ///   - settings: of every job but for the precision, which each job sets.
  ///   - folder: one sub-folder a precision.
  public init(
    source: any ChunkSource, corpus: ArtifactIdentity, teacher: @escaping Model,
    reference: @escaping Model, settings: ScoringSettings, folder: String
  ) {
    self.source = source
    self.corpus = corpus
    self.teacher = teacher
    self.reference = reference
    self.settings = settings
    self.folder = folder
  }

  /// Where the scores in `precision` stand.
  public static func folder(of precision: Precision, in folder: String) -> String {
    "\(folder)/\(precision.rawValue)"
  }

  /// What a precision gave.
  public struct Outcome: Sendable {
    public let precision: Precision
    public let scores: ChunkScores
    /// Over all runs; nil when it was not kept.
    public let speed: ScoringSpeed?
  }

  /// Scores what is not scored yet in `precision`; nil when `control` stopped it.
  public func score(
    in precision: Precision, control: ScoringControl, report: (ScoringEvent) -> Void
  ) throws -> Outcome? {
    var settings = settings
    settings.precision = precision
    let place = Self.folder(of: precision, in: folder)
    let job = try ScoringJob(
      source: source, corpus: corpus, teacher: teacher(settings), reference: reference(settings),
      settings: settings, folder: place)
    let speedPath = "\(place)/\(ScoringSpeed.fileName)"
    let earlier = ScoringSpeed.read(speedPath)
    var speed = earlier
    let outcome = try job.run(control: control) { event in
      if let progress = event.progress { speed = (earlier ?? .zero) + progress }
      // At every block, so that a kill loses no more of the speed than of the scores.
      if case .blockSaved = event { try? JSONFile.write(speed, to: speedPath) }
      report(event)
    }
    guard case .finished(let scores) = outcome else { return nil }
    return Outcome(
      precision: precision, scores: scores, speed: speed.flatMap { $0.isKnown ? $0 : nil })
  }
}

/// Input tokens scored and the time that it took, over all runs of a job.
public struct ScoringSpeed: Sendable, Codable, Equatable {
  var teacherTokens: Int
  var teacherSeconds: Double
  var referenceTokens: Int
  var referenceSeconds: Double

  static let fileName = "speed.json"
  static let zero = ScoringSpeed(
    teacherTokens: 0, teacherSeconds: 0, referenceTokens: 0, referenceSeconds: 0)

  /// Tokens a second of the teacher.
  public var teacher: Double { Double(teacherTokens) / max(teacherSeconds, 1e-9) }
  /// Tokens a second of the reference.
  public var reference: Double { Double(referenceTokens) / max(referenceSeconds, 1e-9) }
  /// Tokens a second through both models.
  public var both: Double {
    1
      / (teacherSeconds / Double(max(1, teacherTokens))
        + referenceSeconds / Double(max(1, referenceTokens)))
  }

  var isKnown: Bool { teacherTokens > 0 && referenceTokens > 0 }

  /// What a file holds; a missing or damaged one holds nothing.
  static func read(_ path: String) -> ScoringSpeed? {
    try? JSONFile.read(ScoringSpeed.self, from: path)
  }

  static func + (earlier: ScoringSpeed, progress: ScoringProgress) -> ScoringSpeed {
    ScoringSpeed(
      teacherTokens: earlier.teacherTokens + progress.teacher.tokens,
      teacherSeconds: earlier.teacherSeconds + progress.teacher.seconds,
      referenceTokens: earlier.referenceTokens + progress.reference.tokens,
      referenceSeconds: earlier.referenceSeconds + progress.reference.seconds)
  }
}

extension ScoringEvent {
  /// Where the job stands, if the event says so.
  public var progress: ScoringProgress? {
    switch self {
    case .damagedPart: nil
    case .restored(_, let progress), .scored(_, let progress), .blockSaved(_, let progress),
      .finished(_, let progress):
      progress
    }
  }
}
