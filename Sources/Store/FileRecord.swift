/// One file as a manifest names it.
public struct FileRecord: Sendable, Codable, Equatable {
  /// Path relative to what the manifest describes.
  public var name: String
  /// Size in bytes.
  public var bytes: Int
  /// Hexadecimal SHA-256.
  public var sha256: String

  public init(name: String, bytes: Int, sha256: String) {
    self.name = name
    self.bytes = bytes
    self.sha256 = sha256
  }

  /// Reads and digests `folder/name`; recorded under `prefix` + name.
  ///
  /// - Parameter digests: what is known already; a file that it knows is not read.
  /// - Throws: `StoreError.stopped` when `goesOn`, which gets the bytes read so far, says no.
  public init(
    folder: String, name: String, prefix: String = "", digests: FileDigests = FileDigests(),
    goesOn: (_ bytesRead: Int64) -> Bool = { _ in true }
  ) throws(StoreError) {
    let path = "\(folder)/\(name)"
    let sha256 = try digests.sha256(of: path, goesOn: goesOn)
    self.init(name: prefix + name, bytes: try FileState(of: path).size, sha256: sha256)
  }

  /// Records of all plain files of `folder` with one of these suffixes, by name.
  public static func list(
    folder: String, suffixes: [String], prefix: String = "", digests: FileDigests = FileDigests(),
    goesOn: (_ bytesRead: Int64) -> Bool = { _ in true }
  ) throws(StoreError) -> [FileRecord] {
    var records: [FileRecord] = []
    for name in try Folder.list(folder) where suffixes.contains(where: { name.hasSuffix($0) }) {
      if Folder.isFolder("\(folder)/\(name)") || name.contains(".tmp-") { continue }
      records.append(
        try FileRecord(
          folder: folder, name: name, prefix: prefix, digests: digests, goesOn: goesOn))
    }
    return records
  }

  /// One digest for several files: of their names and digests, in order.
  public static func digest(of records: [FileRecord]) throws(StoreError) -> String {
    try Digest.sha256(records.map { "\($0.sha256)  \($0.name)\n" }.joined().utf8)
  }
}
