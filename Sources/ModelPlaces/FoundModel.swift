/// A model that lies on this machine: a folder, or a GGUF file. Only names were looked at.
public struct FoundModel: Sendable, Hashable {
  /// The folder, or the file (of several parts the first one).
  public var path: String
  /// As its owner calls it: OWNER/NAME, NAME:TAG, the name of its folder.
  public var name: String
  /// Whose place it lies in.
  public var place: String
  /// What of it is missing, in a few words; nil when nothing is known to be.
  public var missing: String?
  /// Every file of it, for its size.
  public var files: [String]
  /// Whether `path` is a GGUF file.
  public var isFile: Bool

  public init(
    path: String, name: String, place: String, missing: String? = nil, files: [String] = [],
    isFile: Bool = false
  ) {
    self.path = path
    self.name = name
    self.place = place
    self.missing = missing
    self.files = files
    self.isFile = isFile
  }
}

/// A folder that was looked into.
public struct SearchedPlace: Sendable, Hashable {
  /// "hub cache", "LM Studio", "llama.cpp", "Ollama", "folder".
  public var kind: String
  public var path: String
  /// Whether there is such a folder.
  public var isThere: Bool
}
