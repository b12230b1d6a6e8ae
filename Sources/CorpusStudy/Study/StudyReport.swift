public import Store

/// What a study found, for every source and for all.
public struct StudyReport: Codable, Sendable, Equatable {
  /// Name of the file beside the shards.
  public static let fileName = "study.json"

  public struct Source: Codable, Sendable, Equatable {
    public var name: String
    /// Texts: documents, or parts of chunks between end-of-text tokens.
    public var texts = 0
    public var bytes = 0
    /// 0 where the texts are not tokenized.
    public var tokens = 0
    /// Texts that equal an earlier one of any source, and their bytes.
    public var duplicates = 0
    public var duplicateBytes = 0
    /// Texts that only nearly equal an earlier one; nil when nobody looked.
    public var nearDuplicates: Int?
    /// Bytes of a text: tenth, half, nine tenths, longest.
    public var lengths: [Int] = []
    /// Bytes by script; those that do not occur are left out.
    public var scripts: [Script: Int] = [:]

    /// Bytes of a token; nil without tokens.
    public var bytesPerToken: Double? {
      tokens > 0 ? Double(bytes) / Double(tokens) : nil
    }
  }

  /// What the texts are, for people.
  public var unit: String
  /// Identity of the shards, where shards were studied.
  public var corpus: String?
  public var sources: [Source]
  public var all: Source
  /// Inputs that could not be used.
  public var rejected: Int

  /// Reads the report beside shards; nil if there is none.
  public static func read(folder: String) throws(StoreError) -> StudyReport? {
    let path = "\(folder)/\(fileName)"
    return Folder.exists(path) ? try JSONFile.read(Self.self, from: path) : nil
  }
}
