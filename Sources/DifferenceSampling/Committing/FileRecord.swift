import Foundation
public import Store

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
  public init(folder: String, name: String, prefix: String = "") throws(StoreError) {
    let path = "\(folder)/\(name)"
    self.init(
      name: prefix + name, bytes: try Self.size(of: path), sha256: try Digest.sha256(file: path))
  }

  /// Records of all plain files of `folder` with one of these suffixes, by name.
  public static func list(
    folder: String, suffixes: [String], prefix: String = ""
  ) throws(StoreError) -> [FileRecord] {
    var records: [FileRecord] = []
    for name in try Folder.list(folder) where suffixes.contains(where: { name.hasSuffix($0) }) {
      if Folder.isFolder("\(folder)/\(name)") || name.contains(".tmp-") { continue }
      records.append(try FileRecord(folder: folder, name: name, prefix: prefix))
    }
    return records
  }

  /// One digest for several files: of their names and digests, in order.
  public static func digest(of records: [FileRecord]) throws(StoreError) -> String {
    try Digest.sha256(records.map { "\($0.sha256)  \($0.name)\n" }.joined().utf8)
  }

  private static func size(of path: String) throws(StoreError) -> Int {
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      return (attributes[.size] as? NSNumber)?.intValue ?? 0
    } catch {
      throw .system(operation: "examine", path: path, reason: error.localizedDescription)
    }
  }
}
