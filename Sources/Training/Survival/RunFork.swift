import Numerics
public import Store

/// That a run branches off another one: `fork.json` in its folder.
///
/// The fork reads what its parent reads, but for chunks that are left out of every batch behind the
/// checkpoint that it begins with. All other batches stay what they were, so the two differ in
/// nothing else.
public struct RunFork: Codable, Sendable, Equatable {
  /// Chunks that are left out behind a step.
  public struct Drop: Codable, Sendable, Equatable {
    /// Steps done when it begins.
    public var afterStep: Int
    /// Ascending.
    public var chunks: [Int]
    /// Documents all of whose chunks are among them; empty where chunks were named one by one.
    public var documents: [Int64]

    public init(afterStep: Int, chunks: [Int], documents: [Int64] = []) {
      self.afterStep = afterStep
      self.chunks = Set(chunks).sorted()
      self.documents = Set(documents).sorted()
    }
  }

  /// Name of the file in a run's folder.
  public static let fileName = "fork.json"

  public private(set) var formatVersion = 1
  /// The folder of the run that it branches off.
  public var parent: String
  /// The step, from 1, because of whose batch it was made.
  public var step: Int
  /// The parent's checkpoint that it begins with; 0: from the start.
  public var checkpointStep: Int
  /// What is left out, that of the parent's own forks first.
  public var drops: [Drop]

  init(parent: String, step: Int, checkpointStep: Int, drops: [Drop]) {
    self.parent = parent
    self.step = step
    self.checkpointStep = checkpointStep
    self.drops = drops
  }

  /// That of a run; nil for one that is no fork.
  public static func read(runFolder: String) throws(StoreError) -> RunFork? {
    let path = "\(runFolder)/\(fileName)"
    return Folder.exists(path) ? try JSONFile.read(RunFork.self, from: path) : nil
  }

  /// "one chunk", "3 chunks".
  public static func words(chunks count: Int) -> String {
    count == 1 ? "one chunk" : "\(Number.grouped(count)) chunks"
  }

  /// Every chunk that this fork and those before it leave out.
  public var droppedChunks: [Int] { Set(drops.flatMap(\.chunks)).sorted() }
}
