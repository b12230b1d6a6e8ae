/// The inputs of one piece of work: files, folders, patterns, streams, looked at once.
///
/// Whoever guesses fields and whoever reads the documents are given the same value: a stream gives
/// its bytes only once, and what was read of it to look at it is kept here for the reader.
public final class CorpusInputs: Sendable {
  /// As they were named.
  public let paths: [String]
  /// What folders hold and cannot be read: links that lead nowhere, pipes, sockets.
  public let skipped: [Reject]
  /// What a person should know before hours go into it.
  public let notes: [String]
  let files: [InputFile]
  /// How far back a zstd frame may look.
  let windowLog: Int

  /// Looks at `paths`; what a folder holds comes sorted by name.
  ///
  /// - Parameters:
  ///   - windowLog: see `DecompressionLimit`.
  ///   - isStopping: asked, several times a second, by a read that waits for a stream; true ends it
  ///     with `CorpusError.cancelled`.
  /// - Throws: `CorpusError.refused` for what is no text, `unreadable` for what is not there.
  public init(
    _ paths: [String], windowLog: Int = DecompressionLimit.windowLog,
    isStopping: @escaping @Sendable () -> Bool = { false }
  ) throws(CorpusError) {
    var list = InputList(windowLog: windowLog, isStopping: isStopping)
    for path in paths { try list.add(path) }
    self.paths = paths
    self.windowLog = windowLog
    files = list.files
    skipped = list.skipped
    notes = list.notes
  }

  /// The first input that gives its bytes only once; nil if all can be read again.
  public var stream: String? { files.first(where: \.isStream)?.path }

  /// Paths of the files that can be read again, in the order in which they are read.
  public var filePaths: [String] { files.filter { !$0.isStream }.map(\.path) }

  /// Refuses streams among `paths` before one is opened: a pipe that nobody writes to holds the
  /// caller up.
  public static func requireFiles(_ paths: [String], for work: String) throws(CorpusError) {
    if let stream = paths.first(where: { InputList.isStream($0) }) {
      throw .stream(
        path: stream == InputFile.standardInput ? "standard input" : stream, work: work)
    }
  }

  /// Refuses streams, for work that has to read its inputs more than once.
  public func requireFiles(for work: String) throws(CorpusError) {
    try Self.requireFiles(files.filter(\.isStream).map(\.path), for: work)
  }
}
