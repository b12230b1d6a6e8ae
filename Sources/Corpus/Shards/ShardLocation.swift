import Store

/// Which shards of which folder are meant: `FOLDER`, `FOLDER/test`, `FOLDER/data_240` or
/// `FOLDER/data_0-199`; or one pair of files by its name, as Megatron-LM and GPT-NeoX write it:
/// `FOLDER/corpus_text_document`, or one of its files.
///
/// The published sets name their shards `data_k`, `test_k` (evaluation) or `infer_k` (generated
/// text), and parts of a corpus are told apart by numbers. A folder alone means all its `data`
/// shards, or those of another prefix if it is the only one there, or the one pair without a number.
public struct ShardLocation: Sendable, Equatable {
  /// The folder that holds the files.
  public var folder: String
  /// What stands before the numbers; nil takes `data`, or the only prefix of the folder.
  public var prefix: String?
  /// Number of the first shard.
  public var first: Int
  /// Number of the last shard; nil takes all that follow the first.
  public var last: Int?
  /// The one pair that is meant, without its suffix; nil for numbered shards.
  public var name: String?

  /// A part of a folder.
  public init(folder: String, prefix: String? = nil, first: Int = 0, last: Int? = nil) {
    self.folder = folder
    self.prefix = prefix
    self.first = first
    self.last = last
  }

  /// Reads a path: a folder, or a folder with a prefix and numbers behind it.
  public init(_ path: String) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    let isFile = Folder.exists(path) && !Folder.isFolder(path)
    let isHalf = isFile && (path.hasSuffix(".bin") || path.hasSuffix(".idx"))
    let base = isHalf ? String(path.dropLast(4)) : path
    let baseName = base.split(separator: "/").last.map(String.init) ?? base
    if isHalf || Self.parts(baseName[...]) == nil && Folder.exists(base + ".idx") {
      self.init(folder: Folder.parent(of: base))
      name = baseName
      return
    }
    let parent = Folder.parent(of: path)
    guard !Folder.isFolder(path), Folder.isFolder(parent) else {
      self.init(folder: path)
      return
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let underscore = name.lastIndex(of: "_") else {
      self.init(folder: parent, prefix: name)
      return
    }
    let numbers = name[name.index(after: underscore)...].split(
      separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = numbers.first.flatMap(Self.number) else {
      self.init(folder: parent, prefix: name)
      return
    }
    guard numbers.count == 2 else {
      self.init(folder: parent, prefix: String(name[..<underscore]), first: first)
      return
    }
    guard let last = Self.number(numbers[1]), last >= first else {
      self.init(folder: parent, prefix: name)
      return
    }
    self.init(folder: parent, prefix: String(name[..<underscore]), first: first, last: last)
  }

  /// Whether an index of shards lies there at all: then the path means tokens, not text.
  public var holdsShards: Bool {
    if let name { return Folder.exists("\(folder)/\(name).idx") }
    let names = (try? Folder.list(folder)) ?? []
    let isNumbered = names.contains { name in
      guard name.hasSuffix(".idx"), let parts = Self.parts(name.dropLast(4)) else { return false }
      return prefix.map { $0 == parts.prefix } ?? true
    }
    return isNumbered || prefix == nil && !Self.pairs(names).isEmpty
  }

  /// The folder that a path of shards means, if it holds any.
  public static func folder(ofShards path: String) -> String? {
    let location = ShardLocation(path)
    return location.holdsShards ? location.folder : nil
  }

  /// Paths of the shards without their suffixes, in order.
  ///
  /// - Throws: `noShards`, `missingShard` for a gap, `halfShard` for an index without its tokens or
  ///   tokens without their index, `setting` when the prefix is not clear.
  func bases() throws(CorpusError) -> [String] {
    if let name { return [try pair(name)] }
    let names = try storing { () throws(StoreError) in try Folder.list(folder) }
    var files: [String: Files] = [:]
    for name in names {
      for suffix in [".bin", ".idx"] where name.hasSuffix(suffix) {
        guard let (prefix, number) = Self.parts(name.dropLast(suffix.count)) else { continue }
        if suffix == ".bin" {
          files[prefix, default: Files()].tokens.insert(number)
        } else {
          files[prefix, default: Files()].indices.insert(number)
        }
      }
    }
    if self.prefix == nil, files.values.allSatisfy({ $0.indices.isEmpty }) {
      let pairs = Self.pairs(names)
      if pairs.count > 1 {
        throw .setting(
          name: "the data set in \(folder)", found: pairs.joined(separator: " and "),
          expected: "one of them behind the folder, such as \(folder)/\(pairs[0])")
      }
      if let only = pairs.first { return ["\(folder)/\(only)"] }
    }
    let prefix: String
    if let named = self.prefix {
      prefix = named
    } else {
      prefix = try Self.onlyPrefix(of: files, in: folder)
    }
    guard let found = files[prefix] else {
      throw .noShards(folder: self.prefix.map { "\(folder)/\($0)" } ?? folder)
    }
    let wanted = found.indices.union(found.tokens).filter { $0 >= first && $0 <= last ?? .max }
    var pairs: Set<Int> = []
    for number in wanted.sorted() {
      let base = "\(prefix)_\(number)"
      guard found.tokens.contains(number) else {
        throw .halfShard(folder: folder, present: base + ".idx", missing: base + ".bin")
      }
      if found.indices.contains(number) {
        pairs.insert(number)
      } else if !Self.isEmpty("\(folder)/\(base).bin") {
        // The published builder leaves an empty .bin behind a corpus that fills its last shard.
        throw .halfShard(folder: folder, present: base + ".bin", missing: base + ".idx")
      }
    }
    guard let highest = pairs.max() else { throw .noShards(folder: folder) }
    for number in first...(last ?? highest) where !pairs.contains(number) {
      throw .missingShard(folder: folder, missing: number, found: highest)
    }
    return (first...(last ?? highest)).map { "\(folder)/\(prefix)_\($0)" }
  }

  /// Names without a number of which both files are there.
  private static func pairs(_ names: [String]) -> [String] {
    let all = Set(names)
    return names.filter { $0.hasSuffix(".idx") }.map { String($0.dropLast(4)) }
      .filter { parts($0[...]) == nil && all.contains($0 + ".bin") }
  }

  private func pair(_ name: String) throws(CorpusError) -> String {
    let base = "\(folder)/\(name)"
    for (here, other) in [(".bin", ".idx"), (".idx", ".bin")] where !Folder.exists(base + other) {
      throw .halfShard(folder: folder, present: name + here, missing: name + other)
    }
    return base
  }

  /// Numbers of the files of one prefix.
  private struct Files {
    var tokens: Set<Int> = []
    var indices: Set<Int> = []
  }

  private static func onlyPrefix(
    of files: [String: Files], in folder: String
  ) throws(CorpusError) -> String {
    let prefixes = files.filter { !$0.value.indices.isEmpty }.keys.sorted()
    if prefixes.contains("data") || prefixes.isEmpty { return "data" }
    guard prefixes.count == 1 else {
      throw .setting(
        name: "the kind of shards in \(folder)", found: prefixes.joined(separator: " and "),
        expected: "one of them behind the folder, such as \(folder)/\(prefixes[0])")
    }
    return prefixes[0]
  }

  /// "test_12" as "test" and 12.
  private static func parts(_ name: Substring) -> (prefix: String, number: Int)? {
    guard let underscore = name.lastIndex(of: "_"), underscore != name.startIndex,
      let number = number(name[name.index(after: underscore)...])
    else { return nil }
    return (String(name[..<underscore]), number)
  }

  /// A number in its shortest form: "00" is not shard 0.
  private static func number(_ digits: Substring) -> Int? {
    guard let number = Int(digits), number >= 0, String(number) == digits else { return nil }
    return number
  }

  private static func isEmpty(_ path: String) -> Bool {
    (try? MappedFile(path: path).bytes.isEmpty) ?? false
  }
}
