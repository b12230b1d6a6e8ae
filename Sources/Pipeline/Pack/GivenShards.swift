import Corpus
import Store
import Tokenizers

/// Token shards that are given in place of text: they get a second name, nothing is copied.
public struct GivenShards: Sendable {
  private let location: ShardLocation
  private let path: String
  /// Where the shards lie.
  var folder: String { location.folder }
  /// Chunks whose tokens are compared with the vocabulary.
  private static let samples = 4096

  /// nil unless the paths are one folder of shards, or a part of one.
  public init?(_ paths: [String]) {
    guard paths.count == 1, let path = paths.first else { return nil }
    location = ShardLocation(path)
    self.path = path
    guard location.holdsShards else { return nil }
  }

  /// Puts the shards into `folder`, with a manifest that says where they lie, or finds them there.
  func link(
    into folder: String, tokenizer: TokenizerEncoding, settings: CorpusSettings, replacing: Bool,
    _ work: Work
  ) throws -> CorpusManifest {
    work.report(WorkProgress(nil, detail: "linking shards"))
    let shards = try TokenShards(location)
    let made = try ShardsTokenizer(ofShards: path)
    if let present = try CorpusBuilder.manifest(of: folder) {
      if isOf(present, shards, tokenizer) { return present }
      guard replacing else {
        throw CorpusError.occupied(
          folder: folder, found: "a corpus of other inputs or settings")
      }
    } else if Folder.exists(folder), let first = try Folder.list(folder).first {
      throw CorpusError.occupied(folder: folder, found: first)
    }
    let own = try CorpusBuilder.manifest(of: location.folder)
    try check(shards, made, tokenizer, work)
    if let packed = made.endOfText, packed != tokenizer.endOfText {
      work.note(
        "\(path) was packed with end-of-text token \(packed), the tokenizer's is "
          + "\(tokenizer.endOfText): the shards' is used", .warning)
    }
    let manifest = try CorpusManifest(
      shards: shards, made: own, settings: settings, tokenizer: tokenizer,
      endOfText: made.endOfText)
    let building = folder + ".building"
    try Folder.remove(building)
    try Folder.make(building)
    do {
      try fill(building, shards, own, work)
    } catch let stopped as WorkStopped {
      // Links are made in no time: the next run makes them anew.
      try Folder.remove(building)
      throw stopped
    }
    try JSONFile.write(manifest, to: "\(building)/\(CorpusManifest.fileName)")
    // An empty folder of this name is filled, not replaced.
    if Folder.exists(folder), !(try Folder.list(folder).isEmpty) { try Folder.remove(folder) }
    try Folder.publish(building, as: folder)
    return manifest
  }

  /// Whether a corpus is made of these shards.
  private func isOf(
    _ present: CorpusManifest, _ shards: TokenShards, _ tokenizer: TokenizerEncoding
  ) -> Bool {
    present.tokenizerIdentity.isSame(as: tokenizer.tokenizerIdentity)
      && present.inputs.map(\.path) == shards.shardPaths.map { $0 + ".bin" }
  }

  /// Links every file of the shards, numbered from 0, and the table of their documents.
  private func fill(
    _ building: String, _ shards: TokenShards, _ own: CorpusManifest?, _ work: Work
  ) throws {
    let files = try files(of: Set(shards.shardPaths))
    for (number, base) in shards.shardPaths.enumerated() {
      try work.checkpoint()
      for file in files[base] ?? [] {
        try Folder.link(base + file, as: "\(building)/data_\(number)\(file)")
      }
    }
    guard own?.shards == shards.shardPaths.count else { return }
    for name in try Folder.list(location.folder) where name.hasPrefix("documents") {
      try Folder.link("\(location.folder)/\(name)", as: "\(building)/\(name)")
    }
  }

  /// Suffixes of the files of every shard, by its path without them.
  private func files(of bases: Set<String>) throws -> [String: [String]] {
    var files: [String: [String]] = [:]
    for name in try Folder.list(location.folder) {
      for dot in name.indices where name[dot] == "." {
        let base = "\(location.folder)/\(name[..<dot])"
        if bases.contains(base) { files[base, default: []].append(String(name[dot...])) }
      }
    }
    return files
  }

  /// A corpus of another tokenizer would show as noise, and score as such.
  private func check(
    _ shards: TokenShards, _ made: ShardsTokenizer, _ tokenizer: TokenizerEncoding, _ work: Work
  ) throws {
    try made.require(tokenizer, at: "the tokenizer given", option: "tokenizer", work)
    var tokens: [Int32] = []
    let count = min(shards.count, Self.samples)
    for sample in 0..<count {
      try work.checkpoint()
      let chunk = sample * shards.count / count
      try shards.copyTokens(of: chunk, into: &tokens)
      guard let largest = tokens.max(), Int(largest) >= tokenizer.vocabularySize else { continue }
      throw CorpusError.tokenOutOfRange(
        token: Int(largest), path: "chunk \(chunk) of \(path)",
        expected: "ids below \(tokenizer.vocabularySize), the vocabulary of the tokenizer")
    }
  }
}
