public import Hub
import LanguageModels
import Numerics
import Store

/// Fetches a model from the hub: into the cache that Python's libraries share, or into a folder.
///
/// Nothing is seen of the model before all of it is there and checked. Stopped or killed, the same verb
/// goes on where it was.
public struct Pull {
  public struct Result: Sendable, Equatable {
    /// The folder of the model, or the file that was named.
    public var path: String
    public var repository: String
    public var commit: String
    /// Names of the files.
    public var files: [String]
    public var bytes: Int
    /// Files that were there before.
    public var presentFiles: Int
  }

  private let repository: RepositoryName
  private let file: String?
  private let revision: String
  private let output: String?
  private let environment: HubEnvironment
  private let patience: HubPatience

  /// The revision that is fetched where none is named.
  public static let usualRevision = "main"

  /// - Parameters:
  ///   - name: OWNER/NAME, or OWNER/NAME:FILE.
  ///   - output: the folder to make; nil: the cache.
  /// - Throws: `HubError.name`.
  public init(
    _ name: String, revision: String = usualRevision, into output: String? = nil,
    _ environment: HubEnvironment, patience: HubPatience = HubPatience()
  ) throws(HubError) {
    (repository, file) = try RepositoryName.parse(name)
    self.revision = revision
    self.output = output
    self.environment = environment
    self.patience = patience
  }

  /// Fetches it.
  ///
  /// - Throws: `HubError`, `StoreError` for a place that is filled or being written; `WorkStopped`.
  public func run(_ work: Work) throws -> Result {
    do {
      guard let output else {
        return try work.holding([.folder(environment.cache.lockFolder(of: repository))]) {
          try fetch(to: .cache(environment.cache), work)
        }
      }
      let place = try OutputPath(folder: output, isPublished: true)
      let unfinished = place.path + ".pulling"
      Self.finish(unfinished, as: place.path)
      try place.requireFree()
      return try work.holding([.output(place.path)]) {
        try fetch(to: .folder(place.path, work: unfinished), work)
      }
    } catch HubError.stopped {
      throw WorkStopped()
    } catch HubError.store(let error) {
      throw error
    }
  }

  /// Goes on with a publication that a crash has cut.
  private static func finish(_ unfinished: String, as target: String) {
    try? Folder.finishPublishing(unfinished, as: target)
  }

  private func fetch(to place: DownloadPlace, _ work: Work) throws -> Result {
    let steering = Steering(work)
    let client = try HubClient(
      environment, patience: patience, goesOn: { steering.goesOn() },
      onWait: { reason, seconds in
        work.note("\(reason) Trying again in \(Number.duration(max(1, seconds)))")
      })
    work.report(WorkProgress(nil, detail: "asking \(environment.endpoint) for \(repository)"))
    let listing = try HubListing(of: repository, revision: revision, client)
    if case .folder(_, let unfinished) = place { try prepare(unfinished, listing) }
    var choice = try FileChoice(listing, file: file, names: Self.names)
    let download = ModelDownload(
      listing, to: place, client, goesOn: { steering.goesOn() },
      report: { state in
        let share = Double(state.bytes) / Double(max(1, state.totalBytes))
        // Before the index is there, nobody knows the whole.
        work.report(
          WorkProgress(min(1, share), secondsLeft: state.secondsLeft, detail: state.detail))
      })
    var present = 0
    if let index = choice.index {
      let first = choice.files
      present += try download.fetch(first)
      try choice.add(
        weights: ModelFolder.weightFiles(listedBy: download.path(of: index)), of: listing)
      try noteFamily(choice, download, work)
      present += try download.fetch(Array(choice.files.dropFirst(first.count)))
    } else {
      let weights = choice.files.filter { $0.name == ModelFolder.weightsName }
      present += try download.fetch(choice.files.filter { !weights.contains($0) })
      try noteFamily(choice, download, work)
      present += try download.fetch(weights)
    }
    if case .folder(_, let unfinished) = place { try Folder.remove(record(unfinished)) }
    let bytes = try download.byteCount(of: choice.files)
    let folder = try download.publish(choice.appearing)
    return Result(
      path: file != nil || choice.files.count == 1 ? folder + "/" + choice.files[0].name : folder,
      repository: "\(repository)", commit: listing.commit, files: choice.files.map(\.name),
      bytes: bytes, presentFiles: present)
  }

  private static let names = ModelFileNames(
    configuration: ModelFolder.configurationName, weights: ModelFolder.weightsName,
    index: ModelFolder.weightsIndexName, small: ModelFolder.companionNames)

  /// Says before the weights come that they cannot be used here.
  private func noteFamily(
    _ choice: FileChoice, _ download: ModelDownload, _ work: Work
  ) throws {
    guard let file = choice.files.first(where: { $0.name == ModelFolder.configurationName }) else {
      return
    }
    do {
      _ = try ModelConfiguration(file: download.path(of: file))
    } catch let error as ModelError {
      work.note("\(repository) is fetched, but cannot be used here: \(error.message)", .warning)
    }
  }

  // MARK: - A folder

  /// What stands in an unfinished folder: another model or commit has nothing to go on from there.
  private struct Record: Codable, Equatable {
    var repository: String
    var commit: String
    var file: String?
  }

  private func record(_ unfinished: String) -> String { unfinished + "/.pull.json" }

  private func prepare(_ unfinished: String, _ listing: HubListing) throws {
    let own = Record(repository: "\(repository)", commit: listing.commit, file: file)
    let path = record(unfinished)
    if Folder.exists(path), (try? JSONFile.read(Record.self, from: path)) == own { return }
    try Folder.remove(unfinished)
    try Folder.make(unfinished)
    try JSONFile.write(own, to: path)
  }
}

/// How a download is asked whether to go on; it waits there while it is paused.
private struct Steering {
  private let work: Work

  init(_ work: Work) { self.work = work }

  func goesOn() -> Bool {
    work.control.waitWhilePaused()
    return !work.control.isStopping
  }
}
