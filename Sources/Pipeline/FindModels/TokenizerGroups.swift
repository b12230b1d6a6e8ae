import LanguageModels
import ModelPlaces
import Store
import Tokenizers

/// Which of the models that were found have one tokenizer, whatever files hold it.
///
/// Equal files are told by their bytes. Tokenizers of other files are loaded, and only where another
/// model has about as many tokens: a large one takes a good part of a second.
final class TokenizerGroups {
  private let models: [ListedModel]
  private let work: Work
  /// What tells files apart, by model; nil where there is no tokenizer.
  private var keys: [String?] = []
  private var identities: [String: TokenizerIdentity] = [:]
  /// Links of the hub's cache lead to one file.
  private var digests: [FilePlace: String] = [:]

  /// Vocabularies of one tokenizer are filled up to other numbers of rows in models of other sizes.
  private static let padding = 1024

  init(_ models: [ListedModel], _ work: Work) {
    self.models = models
    self.work = work
  }

  /// For every model the digest of the file, or the metadata, that its tokenizer is in, and the names
  /// of the others with the same tokenizer.
  ///
  /// - Throws: `WorkStopped`.
  func all() throws -> [(digest: String?, names: [String])] {
    var names = [[String]](repeating: [], count: models.count)
    for model in models {
      try work.checkpoint()
      keys.append(mayShare(model) ? key(of: model) : nil)
    }
    for one in models.indices {
      for other in models.indices.dropFirst(one + 1) where try isSame(one, other) {
        names[one].append(models[other].name)
        names[other].append(models[one].name)
      }
    }
    return zip(keys, names).map { key, names in
      (key.flatMap { $0.split(separator: " ").first.map(String.init) }, names)
    }
  }

  /// Whether another model has about as many tokens. A folder without a stated size may have any.
  private func mayShare(_ model: ListedModel) -> Bool {
    guard model.found.missing == nil else { return false }
    return !model.found.isFile
      || models.contains { $0.path != model.path && Self.areNear($0, model) }
  }

  private static func areNear(_ one: ListedModel, _ other: ListedModel) -> Bool {
    guard let a = one.vocabularySize, let b = other.vocabularySize else { return false }
    return abs(a - b) <= padding
  }

  private func isSame(_ one: Int, _ other: Int) throws -> Bool {
    guard let a = keys[one], let b = keys[other] else { return false }
    if a == b { return true }
    guard Self.areNear(models[one], models[other]) else { return false }
    return try identity(a, of: models[one]).isSame(as: identity(b, of: models[other]))
  }

  private func identity(_ key: String, of model: ListedModel) throws -> TokenizerIdentity {
    if let known = identities[key] { return known }
    try work.checkpoint()
    work.report(WorkProgress(nil, detail: "the tokenizer of \(model.name)"))
    let place = ModelFolder(model.path).tokenizerFile ?? model.path
    // One that cannot be read here is told by its bytes alone.
    let made =
      (try? Tokenizer.load(from: place).identity())
      ?? TokenizerIdentity(digest: key, fingerprint: nil)
    identities[key] = made
    return made
  }

  // MARK: - Bytes

  private func key(of model: ListedModel) -> String? {
    let folder = ModelFolder(model.path)
    if let file = folder.tokenizerFile, file.hasSuffix("/" + ModelFolder.tokenizerName) {
      guard let own = digest(file) else { return nil }
      let beside = ["tokenizer_config", "special_tokens_map", "added_tokens"]
        .map { digest("\(Folder.parent(of: file))/\($0).json") ?? "" }
      return ([own] + beside).joined(separator: " ")
    }
    return model.found.isFile ? metadataKey(model.path) : nil
  }

  private func digest(_ file: String) -> String? {
    guard let place = FilePlace(file) else { return nil }
    if let known = digests[place] { return known }
    let made = try? Digest.sha256(file: file)
    digests[place] = made
    return made
  }

  /// Of all that a GGUF file says of its tokenizer.
  private func metadataKey(_ path: String) -> String? {
    guard let metadata = try? GGUFFile(path: path).metadata,
      metadata["tokenizer.ggml.tokens"] != nil
    else { return nil }
    var bytes: [UInt8] = []
    for name in metadata.keys.sorted() where name.hasPrefix("tokenizer.ggml.") {
      bytes += Array(name.utf8) + [0]
      switch metadata[name] {
      case .text(let text): bytes += Array(text.utf8) + [0]
      case .texts(let texts): for text in texts { bytes += Array(text.utf8) + [0] }
      case .integers(let numbers): for number in numbers { Self.append(number, to: &bytes) }
      case .numbers(let numbers):
        for number in numbers { Self.append(number.bitPattern, to: &bytes) }
      case .some(let value): bytes += Array(value.shown.utf8) + [0]
      case nil: break
      }
    }
    return try? Digest.sha256(bytes)
  }

  private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
  }
}
