public import EngineInterface

/// The newest picture of every area that the engine told.
public struct EnginePicture: Sendable {
  public var project: ProjectSnapshot?
  public var corpus: CorpusSnapshot?
  public var rows: ChunkRows?
  public var models: ModelsSnapshot?
  public var scoring: ScoringSnapshot?
  public var selection: SelectionSnapshot?
  public var price: SelectionPrice?
  /// The newest answer to a question about the selection.
  public var decision: DecisionAnswer?
  public var drivers: DriversSnapshot?
  public var reading: ReadingSnapshot?
  public var chunk: ChunkDetail?
  public var commit: CommitSnapshot?
  public var training: TrainingSnapshot?
  public var batch: BatchSnapshot?
  public var comparison: ComparisonSnapshot?
  public var evaluation: EvaluationSnapshot?
  public var taskItems: TaskItemRows?
  public var job: JobSnapshot?
  /// What lies between this screen and an engine in another process; nil where it is in this one.
  public var link: LinkSnapshot?
  /// Newest last, at most `noticeLimit`.
  public private(set) var notices: [Notice] = []
  /// The newest question whether everything is answered that has been.
  public var settled: Int?
  public var hasEnded = false

  public static let noticeLimit = 500

  public init() {}

  /// Puts an event in its place.
  public mutating func take(_ event: EngineEvent) {
    switch event {
    case .project(let picture): project = picture
    case .corpus(let picture): corpus = picture
    case .chunkRows(let picture): rows = picture
    case .models(let picture): models = picture
    case .scoring(let picture): scoring = picture
    case .selection(let picture): selection = picture
    case .price(let picture): price = picture
    case .decision(let answer): decision = answer
    case .drivers(let picture): drivers = picture
    case .reading(let picture): reading = picture
    case .chunk(let picture): chunk = picture
    case .commit(let picture): commit = picture
    case .training(let picture): training = picture
    case .batch(let picture): batch = picture
    case .comparison(let picture): comparison = picture
    case .evaluation(let picture): evaluation = picture
    case .taskItems(let picture): taskItems = picture
    case .job(let picture): job = picture
    case .link(let picture): link = picture
    case .notice(let notice):
      notices.append(notice)
      if notices.count > Self.noticeLimit {
        notices.removeFirst(notices.count - Self.noticeLimit)
      }
    case .settled(let number): settled = number
    case .ended: hasEnded = true
    }
  }

  /// Whether a job uses the machine now.
  public var isBusy: Bool { job?.isActive == true && !hasEnded && link?.loss == nil }

  public func status(of stage: Stage) -> StageStatus? {
    project?.stages.first { $0.stage == stage }
  }

  /// The first stage that is neither done nor running: what `R` starts.
  public var nextStage: Stage? {
    project?.stages.first { $0.state != .done && $0.state != .running }?.stage
  }
}

extension EnginePicture {
  public func isDone(_ stage: Stage) -> Bool { status(of: stage)?.state == .done }
}
