/// How far a build is.
public struct CorpusProgress: Sendable, Equatable {
  /// Bytes of the input files read, as they are on disk.
  public var bytesRead = 0
  /// Bytes of all input files.
  public var totalBytes = 0
  /// Usable documents so far.
  public var documents = 0
  /// Documents that could not be used so far.
  public var rejected = 0
  /// Chunks so far.
  public var chunks = 0
  /// Tokens in these chunks.
  public var tokens = 0

  /// Nothing done yet.
  public init() {}
}
