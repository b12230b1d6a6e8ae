import Foundation
import Glibc
public import Store
import TensorKit
import Tokenizers

/// The result of a run as JSON lines that grow batch by batch beside their final name.
///
/// `OUTPUT.partial` holds whole batches, `OUTPUT.partial.json` says what they were made with; a run
/// that was stopped or killed goes on behind the last whole batch. The file takes its name when all
/// lines are there.
public final class GenerationFile {
  /// What the lines depend on.
  public struct Identity: Codable, Sendable, Equatable {
    public var model: ArtifactIdentity
    public var tokenizer: ArtifactIdentity
    /// What the tokenizer is, whatever file it came from; nil in older headers.
    public var tokenizerFingerprint: TokenizerFingerprint?
    /// SHA-256 of the prompts.
    public var prompts: String
    public var settings: GenerationSettings

    public init(
      model: ArtifactIdentity, tokenizer: ArtifactIdentity, prompts: String,
      settings: GenerationSettings, tokenizerFingerprint: TokenizerFingerprint? = nil
    ) {
      self.tokenizerFingerprint = tokenizerFingerprint
      self.model = model
      self.tokenizer = tokenizer
      self.prompts = prompts
      self.settings = settings
    }

    /// The same with the tokenizer of other lines, where that gives the same ids.
    fileprivate func takingTokenizer(of other: Self) -> Self {
      let (own, its) = (
        TokenizerIdentity(digest: tokenizer.digest, fingerprint: tokenizerFingerprint),
        TokenizerIdentity(
          digest: other.tokenizer.digest, fingerprint: other.tokenizerFingerprint)
      )
      guard own.isSame(as: its) else { return self }
      var same = self
      (same.tokenizer, same.tokenizerFingerprint) = (other.tokenizer, other.tokenizerFingerprint)
      return same
    }
  }

  public let path: String
  /// Sequences that an earlier run has left.
  public let restored: Int
  private let log: JSONLinesLog
  private var partial: String { path + ".partial" }
  private var header: String { path + ".partial.json" }

  /// Opens or begins the lines of `identity`.
  ///
  /// - Throws: `PipelineError.otherSettings` when the lines there belong to another run.
  public init(_ path: String, identity: Identity) throws {
    self.path = path
    let partial = path + ".partial"
    let header = path + ".partial.json"
    _ = try OutputPath(file: path)
    if Folder.exists(header) {
      let found = try JSONFile.read(Identity.self, from: header)
      let identity = identity.takingTokenizer(of: found)
      if found != identity {
        let differences = try JSONDifference.words(found, identity)
        throw PipelineError.otherSettings(
          path: partial, found: differences.one, expected: differences.other)
      }
    } else {
      try Folder.remove(partial)
      try JSONFile.write(identity, to: header)
    }
    restored = try Self.keepWholeBatches(partial, batch: identity.settings.batch)
    log = try JSONLinesLog(appendingTo: partial)
  }

  /// The precision of the lines that an earlier run has left of a file; nil where there are none.
  static func recordedPrecision(_ path: String) -> Precision? {
    try? JSONFile.read(Identity.self, from: path + ".partial.json").settings.precision
  }

  /// Appends a batch and makes it durable.
  public func append(_ lines: [GeneratedLine]) throws {
    for line in lines { try log.append(line) }
    try log.sync()
  }

  /// Gives the finished lines their name.
  public func finish() throws {
    try log.sync()
    try Folder.publish(file: partial, as: path)
    try Folder.remove(header)
  }

  /// Cuts what a crash has left behind the last whole batch; the lines that stay.
  private static func keepWholeBatches(_ path: String, batch: Int) throws -> Int {
    guard let file = fopen(path, "r") else { return 0 }
    defer { fclose(file) }
    var (offset, lines, kept, keptOffset) = (0, 0, 0, 0)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      if count == 0 { break }
      for index in 0..<count where piece[index] == UInt8(ascii: "\n") {
        lines += 1
        if lines % batch == 0 { (kept, keptOffset) = (lines, offset + index + 1) }
      }
      offset += count
    }
    if keptOffset < offset, truncate(path, off_t(keptOffset)) != 0 {
      throw StoreError.system(operation: "shorten", path: path)
    }
    return kept
  }
}
