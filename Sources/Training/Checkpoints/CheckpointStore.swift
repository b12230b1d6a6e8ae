import Foundation
public import Store

/// The checkpoints of one run: `checkpoints/step-000400/` in the run's folder.
///
/// A checkpoint is written in a hidden folder, made durable and renamed, so that a crash leaves at
/// most a hidden folder, which the next run removes. `checkpoint.json` lists the SHA-256 of every
/// other file; a folder that does not agree with it is damaged and is not resumed.
public struct CheckpointStore: Sendable {
  /// The list of files, written last.
  struct Manifest: Codable, Equatable {
    var formatVersion = 1
    var step: Int
    /// SHA-256 by file name.
    var files: [String: String]
  }

  /// The folder that holds the checkpoints.
  public let folder: String

  /// The folder of the checkpoints in a run's folder.
  public static let folderName = "checkpoints"

  static let manifestName = "checkpoint.json"
  private static let temporaryPrefix = ".tmp-"
  private static let replacedPrefix = ".old-"
  private static let damagedSuffix = ".damaged"

  /// The checkpoints of the run in `runFolder`, which is made if missing; removes what a crash left.
  public init(runFolder: String) throws(StoreError) {
    folder = "\(runFolder)/\(Self.folderName)"
    try Folder.make(folder)
    for name in try Folder.list(folder) {
      let path = folder + "/" + name
      if name.hasPrefix(Self.temporaryPrefix) { try Folder.remove(path) }
      if name.hasPrefix(Self.replacedPrefix) {
        // A crash came while a checkpoint was replaced: the old one stands if the new one does not.
        let target = folder + "/" + name.dropFirst(Self.replacedPrefix.count)
        if Folder.exists(target) {
          try Folder.remove(path)
        } else {
          try Folder.publish(path, as: target)
        }
      }
    }
  }

  /// The same to look at: nothing is made or removed.
  public init(reading runFolder: String) { folder = "\(runFolder)/\(Self.folderName)" }

  /// The newest checkpoint of a run, as it stands; nil where there is none. Changes nothing.
  public static func newest(runFolder: String) throws(StoreError) -> String? {
    let folder = "\(runFolder)/\(folderName)"
    guard Folder.isFolder(folder) else { return nil }
    return try Folder.list(folder).compactMap(step(ofName:)).max().map {
      "\(folder)/\(name(ofStep: $0))"
    }
  }

  /// The folder of a step's checkpoint, whether it exists or not.
  public func path(ofStep step: Int) -> String { folder + "/" + Self.name(ofStep: step) }

  /// Steps that have a checkpoint, ascending.
  public func steps() throws(StoreError) -> [Int] {
    guard Folder.isFolder(folder) else { return [] }
    return try Folder.list(folder).compactMap(Self.step(ofName:)).sorted()
  }

  /// Writes the checkpoint of `step` by `body`, which fills the folder that it is given; replaces a
  /// checkpoint of that step, and then removes those that need not stay. `best` is the step of the
  /// one with the lowest held-out loss, where that is known.
  public func write(
    step: Int, keeping kept: CheckpointRetention, best: Int? = nil,
    _ body: (_ folder: String) throws -> Void
  ) throws -> (path: String, bytes: Int) {
    let temporary = folder + "/" + Self.temporaryPrefix + Self.name(ofStep: step)
    let target = path(ofStep: step)
    try Folder.remove(temporary)
    try Folder.make(temporary)
    do {
      try body(temporary)
      var files: [String: String] = [:]
      for name in try Folder.list(temporary) {
        files[name] = try Digest.sha256(file: temporary + "/" + name)
      }
      let manifest = Manifest(step: step, files: files)
      try JSONFile.write(manifest, to: temporary + "/" + Self.manifestName)
      let bytes = try Self.byteCount(of: temporary)
      try replace(target, by: temporary, step: step)
      for step in kept.removed(of: try steps(), best: best) where step != manifest.step {
        try Folder.remove(path(ofStep: step))
      }
      return (target, bytes)
    } catch {
      // What failed is reported; the hidden folder goes now, or at the next start.
      try? Folder.remove(temporary)
      throw error
    }
  }

  /// The newest checkpoint whose files are what was written; `damaged` is told of every newer one,
  /// which is set aside under another name.
  public func latestValid(
    damaged: (_ path: String, _ error: TrainingError) -> Void
  ) throws -> (step: Int, path: String)? {
    for step in try steps().reversed() {
      do throws(TrainingError) {
        try verify(step: step)
        return (step, path(ofStep: step))
      } catch {
        damaged(path(ofStep: step), error)
        try setAside(step: step)
      }
    }
    return nil
  }

  /// Compares every file of a checkpoint with its digest.
  public func verify(step: Int) throws(TrainingError) {
    let path = path(ofStep: step)
    let manifest: Manifest
    do {
      manifest = try JSONFile.read(Manifest.self, from: path + "/" + Self.manifestName)
    } catch {
      throw .damagedCheckpoint(
        path: path, found: error.message, expected: "a readable \(Self.manifestName)")
    }
    guard manifest.formatVersion == 1, manifest.step == step else {
      throw .damagedCheckpoint(
        path: path, found: "step \(manifest.step), format \(manifest.formatVersion)",
        expected: "step \(step), format 1")
    }
    for (name, digest) in manifest.files.sorted(by: { $0.key < $1.key }) {
      let found = try? Digest.sha256(file: path + "/" + name)
      guard found == digest else {
        throw .damagedCheckpoint(
          path: path, found: found.map { "\(name) with digest \($0.prefix(12))" } ?? "no \(name)",
          expected: "\(name) with digest \(digest.prefix(12))")
      }
    }
  }

  private func replace(_ target: String, by temporary: String, step: Int) throws(StoreError) {
    guard Folder.exists(target) else { return try Folder.publish(temporary, as: target) }
    let old = folder + "/" + Self.replacedPrefix + Self.name(ofStep: step)
    try Folder.remove(old)
    try Folder.publish(target, as: old)
    try Folder.publish(temporary, as: target)
    try Folder.remove(old)
  }

  private func setAside(step: Int) throws(StoreError) {
    let target = path(ofStep: step) + Self.damagedSuffix
    try Folder.remove(target)
    try Folder.publish(path(ofStep: step), as: target)
  }

  private static func name(ofStep step: Int) -> String {
    let digits = String(step)
    return "step-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  private static func step(ofName name: String) -> Int? {
    guard name.hasPrefix("step-") else { return nil }
    let digits = name.dropFirst(5)
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let step = Int(digits),
      Self.name(ofStep: step) == name
    else { return nil }
    return step
  }

  private static func byteCount(of folder: String) throws -> Int {
    try Folder.list(folder).reduce(0) { sum, name in
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      return sum + (attributes[.size] as? Int ?? 0)
    }
  }
}
