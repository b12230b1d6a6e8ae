import Store

/// The files that hold one model: one, or as many as its first part says.
enum GGUFParts {
  static let suffix = ".gguf"
  /// Of the numbers in the name of a part: -00001-of-00003.gguf.
  private static let digits = 5
  private static let countKey = "split.count"
  private static let numberKey = "split.no"

  /// Whether a path is, or is named as, a GGUF file.
  static func isFile(_ path: String) -> Bool { path.hasSuffix(suffix) || beginsAsOne(path) }

  private static func beginsAsOne(_ path: String) -> Bool {
    guard let file = try? PositionedFile(path: path), file.byteCount > GGUFFile.magic.count else {
      return false
    }
    var start = [UInt8](repeating: 0, count: GGUFFile.magic.count)
    let isRead = start.withUnsafeMutableBytes { (try? file.read(at: 0, into: $0)) != nil }
    return isRead && start == GGUFFile.magic
  }

  /// Opens all files of the model whose first is `path`.
  static func open(_ path: String) throws(ModelError) -> [GGUFFile] {
    let first = try file(path)
    let count = try integer(countKey, of: first) ?? 1
    if count <= 1 { return [first] }
    func unusable(_ found: String, _ expected: String, _ advice: String) -> ModelError {
      .unusable(path: path, found: found, expected: expected, advice: advice)
    }
    guard let names = names(of: path, count: count) else {
      throw unusable(
        "a part of a model in \(count) files",
        "a name that ends in -00001-of-\(padded(count))\(suffix)",
        "Give the files the names that they had: the other parts are found by them.")
    }
    guard try integer(numberKey, of: first) == 0 else {
      throw unusable(
        "another part than the first of a model in \(count) files", "the first",
        "Name \(names[0]) instead.")
    }
    var parts = [first]
    var known = Set(first.tensors.map(\.name))
    for (number, name) in names.enumerated().dropFirst() {
      guard Folder.exists(name) else {
        throw unusable(
          "the first of \(count) parts, of which \(name) is missing", "all parts side by side",
          "Download the missing part into \(Folder.parent(of: path)).")
      }
      let part = try file(name)
      guard try integer(numberKey, of: part) == number, try integer(countKey, of: part) == count
      else {
        throw ModelError.unusable(
          path: name, found: "no part \(number + 1) of \(count)",
          expected: "the part that its name says", advice: "Download \(name) again.")
      }
      for tensor in part.tensors where !known.insert(tensor.name).inserted {
        throw ModelError.unusable(
          path: name, found: "tensor \(TensorProblem.short(tensor.name)), which another part holds",
          expected: "every tensor once", advice: "Download \(name) again.")
      }
      parts.append(part)
    }
    return parts
  }

  /// Names of all files of the model whose first is `path`, as far as its metadata tells.
  static func paths(_ path: String) -> [String] {
    guard let first = try? file(path), let count = try? integer(countKey, of: first), count > 1
    else { return [path] }
    return names(of: path, count: count) ?? [path]
  }

  /// Whether a name is that of a later part.
  static func isLaterPart(_ name: String) -> Bool {
    guard let part = numbers(name) else { return false }
    return part.number > 1
  }

  private static func file(_ path: String) throws(ModelError) -> GGUFFile {
    do throws(StoreError) {
      return try GGUFFile(path: path, readsTextLists: false)
    } catch {
      // Of one that is damaged the damage is said, of anything else what it is.
      if case .malformed(_, let found, let expected) = error, beginsAsOne(path) {
        throw .unusable(
          path: path, found: found, expected: expected,
          advice: "Download or copy \(path) again, from where the model comes.")
      }
      throw ModelFile.about(error, path)
    }
  }

  private static func integer(
    _ key: String, of file: GGUFFile
  ) throws(ModelError) -> Int? {
    switch file.metadata[key] {
    case nil: return nil
    case .integer(let value) where (0...99_999).contains(value): return value
    case let other?:
      throw .unusable(
        path: file.path, found: "\(key) \(other.shown)", expected: "a number of parts",
        advice: "Download or copy \(file.path) again, from where the model comes.")
    }
  }

  /// Paths of `count` parts of which one is `path`; nil where its name is no part's.
  private static func names(of path: String, count: Int) -> [String]? {
    guard let part = numbers(path), part.count == count, part.number >= 1 else { return nil }
    return (1...count).map { "\(part.stem)-\(padded($0))-of-\(padded(count))\(suffix)" }
  }

  /// What a name says: "x-00002-of-00003.gguf" is part 2 of 3 of x.
  private static func numbers(_ path: String) -> (stem: String, number: Int, count: Int)? {
    guard path.hasSuffix(suffix) else { return nil }
    let words = path.dropLast(suffix.count).split(separator: "-", omittingEmptySubsequences: false)
    guard words.count >= 4, words[words.count - 2] == "of",
      let count = number(words[words.count - 1]), let part = number(words[words.count - 3])
    else { return nil }
    return (words.dropLast(3).joined(separator: "-"), part, count)
  }

  private static func number(_ word: Substring) -> Int? {
    word.count == digits && word.allSatisfy { $0.isASCII && $0.isNumber } ? Int(word) : nil
  }

  private static func padded(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
