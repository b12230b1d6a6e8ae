import Glibc
public import Store
import TensorKit

extension CausalLanguageModel {
  /// Writes a folder that transformers loads: config.json, generation_config.json,
  /// model.safetensors and, when given, the tokenizer's files. `tokenizerFolder` may be a tokenizer.json
  /// or a GGUF file, too.
  ///
  /// The folder appears complete or not at all. An older one of the same name is replaced, and stands
  /// until the new one does. One writer a folder.
  ///
  /// - Parameter keys: what config.json says beside, or in place of, the configuration's own keys: a
  ///   published file of the same model, whose keys without a meaning here others may look for.
  public func save(
    to folder: String, tokenizerFolder: String? = nil, dtype: WeightType = .float32,
    keys: [String: JSONValue] = [:]
  ) throws {
    guard holdsAllWeights else {
      throw ModelError.precision(
        found: "a model that was made for scoring in \(precision.rawValue)",
        expected: "one with f32 weights, which can be saved")
    }
    let path = ModelFolder(folder).path
    FolderReplacement.recover(path)
    let temporary = path + FolderReplacement.partial
    do {
      try Folder.remove(temporary)
      try Folder.make(temporary)
      try configuration.write(to: ModelFolder(temporary), dtype: dtype.rawValue, keys: keys)
      try writeWeights(to: temporary + "/" + SafetensorsWeights.fileName, dtype: dtype)
      if let tokenizerFolder {
        try TokenizerFiles.write(from: tokenizerFolder, to: temporary, for: configuration)
      }
      try FolderReplacement.publish(temporary, as: path)
    } catch {
      try? Folder.remove(temporary)
      throw error
    }
  }

  /// Writes the weights as one safetensors file, tied ones once.
  private func writeWeights(to path: String, dtype: WeightType) throws {
    let entries = parameters.table.entries.filter { $0.tiedTo == nil }
    var writer = try SafetensorsWriter(
      replacing: path,
      tensors: entries.map {
        .init(name: $0.name, type: dtype.elementType, shape: $0.shape)
      },
      metadata: ["format": "pt"])
    let weights = try parameters.base(.weights)
    do {
      for entry in entries {
        try WeightConversion.write(
          weights + entry.offset, count: entry.count, as: dtype, to: &writer, ops: compute)
      }
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }
}

/// Replacing a model folder by a new one.
enum FolderReplacement {
  /// Gives a finished folder its name. An older one of that name is exchanged for it in one step;
  /// where the file system cannot, by two renames, of which `recover` makes good what a crash leaves.
  static func publish(_ temporary: String, as path: String) throws(StoreError) {
    var isFilled = false
    if Folder.exists(path) { isFilled = try Folder.list(path).contains { $0 != FolderLock.name } }
    guard isFilled else { return try Folder.publish(temporary, as: path) }
    if try exchange(temporary, path) { return try Folder.remove(temporary) }
    let replaced = path + suffix
    try Folder.remove(replaced)
    // Tells `recover` in other programs, until the name is given, that this one is at work.
    let held = open(temporary, O_RDONLY | O_CLOEXEC)
    defer { if held >= 0 { close(held) } }
    while held >= 0, flock(held, LOCK_EX) != 0, errno == EINTR {}
    if rename(path, replaced) != 0 { throw .system(operation: "move aside", path: path) }
    try Folder.publish(temporary, as: path)
    try Folder.remove(replaced)
  }

  /// Puts back a folder that a crash has left aside, between the two renames. Whoever looks for a
  /// model calls it, so that the older model is there again as if nothing had happened. What a writer
  /// that is alive has put aside is left to it.
  static func recover(_ path: String) {
    guard !Folder.exists(path), Folder.exists("\(path)\(suffix)/\(ModelFolder.configurationName)"),
      !isHeld(path + partial)
    else { return }
    // Where it fails the folder is missing, which is said then.
    _ = rename(path + suffix, path)
  }

  /// Whether a program is about to give a folder its name. The lock ends with its process.
  private static func isHeld(_ temporary: String) -> Bool {
    let opened = open(temporary, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { return false }
    defer { close(opened) }
    return flock(opened, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// What is appended to the name of a folder while it is written.
  static let partial = ".partial"
  private static let suffix = ".replaced"
  private typealias Exchange =
    @convention(c) (
      Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
    ) -> Int32

  /// Whether the two could be exchanged.
  private static func exchange(_ temporary: String, _ path: String) throws(StoreError) -> Bool {
    // Swift's view of glibc leaves it out.
    guard let symbol = dlsym(nil, "renameat2") else { return false }
    let renameat2 = unsafeBitCast(symbol, to: Exchange.self)
    try Folder.sync(temporary)
    // RENAME_EXCHANGE of linux/fs.h.
    guard renameat2(AT_FDCWD, temporary, AT_FDCWD, path, 1 << 1) == 0 else { return false }
    try Folder.sync(Folder.parent(of: path))
    return true
  }
}
