/// What was read of one input file.
public struct InputSummary: Codable, Sendable, Equatable {
  /// The file.
  public var path: String
  /// Its size on disk in bytes.
  public var bytes: Int
  /// When it was last changed, in nanoseconds since 1970.
  public var modified: Int64
  /// SHA-256 of the file in hexadecimal digits; nil where nobody asked for it.
  public var sha256: String?
  /// Usable documents found in it.
  public var documents: Int
}
