/// What the files of a model folder are called, as the library of models knows them.
public struct ModelFileNames: Sendable, Equatable {
  public var configuration: String
  /// Weights in one file.
  public var weights: String
  /// What names the files of weights in several.
  public var index: String
  /// The rest that a model may need.
  public var small: [String]

  public init(configuration: String, weights: String, index: String, small: [String]) {
    self.configuration = configuration
    self.weights = weights
    self.index = index
    self.small = small
  }
}

/// Which files of a listing are fetched.
///
/// Without a file's name: what a model needs, and nothing else that its folder may hold (other formats
/// of the same weights, pictures, checkpoints). With one: that file, and all parts of it.
public struct FileChoice: Sendable, Equatable {
  /// In the order in which they come: small ones first.
  public var files: [HubFile]
  /// The index that names the files of the weights, which have to be added once it is there.
  public var index: HubFile?

  private let names: ModelFileNames

  /// - Throws: `HubError.choose`, `.unusable` and `.noFile`.
  public init(
    _ listing: HubListing, file: String?, names: ModelFileNames
  ) throws(HubError) {
    self.names = names
    let all = listing.files
    if let file {
      files = try Self.named(file, in: listing)
      return
    }
    let named = { (name: String) in all.first { $0.name == name } }
    let isSingle = named(names.weights) != nil
    guard isSingle || named(names.index) != nil else {
      files = try Self.withoutSafetensors(listing)
      return
    }
    guard named(names.configuration) != nil else {
      throw .unusable(
        name: "\(listing.repository)", found: "weights, but no \(names.configuration)",
        advice: "Take a repository that has both: it cannot be known what model the weights are.")
    }
    files = ([names.configuration] + names.small).compactMap(named)
    if isSingle {
      files += [named(names.weights)].compactMap { $0 }
    } else {
      index = named(names.index)
      files += [index].compactMap { $0 }
    }
  }

  /// Adds the files that the index names.
  ///
  /// - Throws: `HubError.noFile` for one that the listing has not.
  public mutating func add(weights: [String], of listing: HubListing) throws(HubError) {
    for name in Set(weights).sorted() {
      guard let file = listing.files.first(where: { $0.name == name }) else {
        throw .unusable(
          name: "\(listing.repository)",
          found: "an index (\(names.index)) that names \(name), and no such file",
          advice: "Tell its owner, or take another revision (--revision).")
      }
      files.append(file)
    }
  }

  /// Names in the order in which they may appear: whoever sees the last one sees them all.
  public var appearing: [HubFile] {
    let rank = { (file: HubFile) -> Int in
      [names.weights, names.index, names.configuration].firstIndex(of: file.name) ?? -1
    }
    return files.sorted { rank($0) < rank($1) }
  }

  // MARK: - One file

  private static func named(_ file: String, in listing: HubListing) throws(HubError) -> [HubFile] {
    let names = listing.files.map(\.name)
    let found =
      listing.files.first { $0.name == file }
      ?? alone(in: listing.files) {
        $0.name.split(separator: "/").last.map(String.init) == file
      }
    // As others name a quantization: OWNER/NAME:Q4_K_M.
    let models = gguf(listing.files)
    let meant =
      found.map { [$0] }
      ?? models.first(where: { group in
        let name = group[0].name.uppercased()
        return name.contains(file.uppercased())
          && models.filter { $0[0].name.uppercased().contains(file.uppercased()) }.count == 1
      })
    guard let first = meant?.first else {
      let weights = models.map { $0[0].name }
      throw .noFile(
        name: "\(listing.repository)", file: file, others: weights.isEmpty ? names : weights)
    }
    if isPickle(first.name) { throw pickles(first.name, listing) }
    return models.first { $0.contains(first) } ?? [first]
  }

  private static func alone(in files: [HubFile], _ holds: (HubFile) -> Bool) -> HubFile? {
    let found = files.filter(holds)
    return found.count == 1 ? found[0] : nil
  }

  private static func withoutSafetensors(_ listing: HubListing) throws(HubError) -> [HubFile] {
    let models = gguf(listing.files)
    if models.count == 1 { return models[0] }
    if !models.isEmpty {
      throw .choose(
        repository: "\(listing.repository)", found: "\(models.count) GGUF models",
        choices: models.map { $0[0].name })
    }
    if let pickle = listing.files.first(where: { isPickle($0.name) }) {
      throw pickles(pickle.name, listing)
    }
    throw .unusable(
      name: "\(listing.repository)", found: "no weights that are read (safetensors or GGUF)",
      advice: "Name a file to fetch it alone: miniplm pull \(listing.repository):FILE.")
  }

  private static func pickles(_ name: String, _ listing: HubListing) -> HubError {
    .unusable(
      name: "\(listing.repository)",
      found: "pickled weights (\(name)), which run code of their maker when they are read",
      advice: "Take a revision or a repository with safetensors (many have one under --revision "
        + "refs/pr/1), or convert it with transformers where that code may run.")
  }

  private static func isPickle(_ name: String) -> Bool {
    [".bin", ".bin.index.json", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"].contains {
      name.hasSuffix($0)
    } && !["training_args.bin", "optimizer.pt", "scheduler.pt"].contains(name)
  }

  /// GGUF models, each with all parts of it in order; what belongs to vision is none.
  static func gguf(_ files: [HubFile]) -> [[HubFile]] {
    var (groups, order): ([String: [HubFile]], [String]) = ([:], [])
    for file in files.sorted(by: { $0.name < $1.name })
    where file.name.lowercased().hasSuffix(".gguf") && !file.name.lowercased().contains("mmproj") {
      let key = GGUFParts(file.name)?.stem ?? file.name
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(file)
    }
    return order.compactMap { groups[$0] }
  }
}

/// The name of a part of a GGUF model in several files: NAME-00001-of-00003.gguf.
public struct GGUFParts: Sendable, Equatable {
  /// NAME.
  public let stem: String
  public let number: Int
  public let count: Int

  public init?(_ name: String) {
    let suffix = ".gguf"
    guard name.lowercased().hasSuffix(suffix) else { return nil }
    let words = name.dropLast(suffix.count).split(separator: "-", omittingEmptySubsequences: false)
    guard words.count >= 4, words[words.count - 2] == "of", words[words.count - 1].count == 5,
      words[words.count - 3].count == 5, let count = Int(words[words.count - 1]),
      let number = Int(words[words.count - 3]), (1...count).contains(number)
    else { return nil }
    stem = words.dropLast(3).joined(separator: "-")
    self.number = number
    self.count = count
  }

  /// The name of another part.
  public func name(_ number: Int) -> String {
    func padded(_ value: Int) -> String {
      String(repeating: "0", count: 5 - String(value).count) + String(value)
    }
    return "\(stem)-\(padded(number))-of-\(padded(count)).gguf"
  }
}
