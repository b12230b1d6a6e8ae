import Foundation
import Store

/// Reads the files of a tokenizer, and says of other files what they are and what to do.
enum TokenizerSource {
  /// Larger files are refused before they fill the memory; published ones have up to 40 MB.
  private static let largestFile = 1 << 30
  private static let conversion = """
    Write a tokenizer.json with Python: from transformers import AutoTokenizer; \
    AutoTokenizer.from_pretrained("FOLDER").save_pretrained("FOLDER").
    """

  /// The path of tokenizer.json: `path` itself, or the one in the folder that it is; of a folder that
  /// has none, its GGUF file.
  static func file(at path: String) throws(TokenizerError) -> String {
    guard Folder.isFolder(path) else { return path }
    let file = path.hasSuffix("/") ? path + "tokenizer.json" : path + "/tokenizer.json"
    if Folder.exists(file) { return file }
    let names = (try? Folder.list(path)) ?? []
    if let name = try ggufName(names, in: path) {
      return (path.hasSuffix("/") ? path : path + "/") + name
    }
    for (name, kind) in otherForms {
      if let found = names.first(where: { $0 == name || name.hasPrefix(".") && $0.hasSuffix(name) })
      {
        throw .noTokenizer(
          path: file, found: "no such file, but \(found) (\(kind)) beside it", advice: conversion)
      }
    }
    throw .file(path: file, reason: "no such file")
  }

  /// The one GGUF file of a folder. Of a model in several files the first holds the metadata.
  private static func ggufName(
    _ names: [String], in path: String
  ) throws(TokenizerError) -> String? {
    let files = names.filter { $0.hasSuffix(".gguf") }.sorted()
    let parts = files.filter { $0.contains("-of-") && !$0.contains("-00001-of-") }
    let wholes = files.filter { !parts.contains($0) }
    guard wholes.count > 1 else { return wholes.first }
    throw .noTokenizer(
      path: path, found: "\(wholes.count) GGUF files (\(wholes[0]), \(wholes[1])…)",
      advice: "Give one of the files, or put the model's tokenizer.json beside them.")
  }

  private static let otherForms = [
    ("tokenizer.model", "a model of SentencePiece"), ("spiece.model", "a model of SentencePiece"),
    ("sentencepiece.bpe.model", "a model of SentencePiece"), ("tekken.json", "Mistral's own form"),
    (".tiktoken", "ranks of tiktoken"), ("merges.txt", "merges of the old form"),
    ("vocab.json", "a vocabulary of the old form"), ("vocab.txt", "a vocabulary of the old form"),
  ]

  /// The content of a file that may be missing.
  static func contentIfThere(_ path: String) throws(TokenizerError) -> [UInt8]? {
    Folder.exists(path) ? try content(path) : nil
  }

  /// The content of a file.
  static func content(_ path: String) throws(TokenizerError) -> [UInt8] {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .file(path: path, reason: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw .noTokenizer(
        path: path, found: isFolder ? "a folder" : "a pipe or device",
        advice: isFolder
          ? "Give the folder that holds tokenizer.json as a file."
          : "A tokenizer is opened more than once: write it to a file first and give that.")
    }
    guard status.st_size <= largestFile else {
      throw .noTokenizer(
        path: path, found: "\(status.st_size) bytes",
        advice: "Give a tokenizer.json: it is smaller.")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .file(path: path, reason: "cannot be read")
    }
    return Array(data)
  }

  /// Parses the JSON of a file.
  static func document(_ bytes: [UInt8], at path: String) throws(TokenizerError) -> JSONDocument {
    if let (found, advice) = otherKind(bytes) {
      throw .noTokenizer(path: path, found: found, advice: advice)
    }
    do throws(JSONDocument.Failure) {
      return try JSONDocument(parsing: bytes)
    } catch {
      // What only Python reads has words of its own, and nothing else is wrong with it.
      guard (try? JSONValue(python: bytes)) != nil else {
        throw .malformedJSON(path: path, offset: error.offset, reason: error.reason)
      }
      let place = max(0, min(error.offset, bytes.count))
      let around = bytes[max(0, place - 12)..<min(bytes.count, place + 12)]
      let text = String(decoding: around, as: UTF8.self)
      if let word = ["NaN", "Infinity"].first(where: text.contains) {
        throw .noTokenizer(
          path: path, found: "\(word) at byte \(place), which Python writes but JSON has not",
          advice: "Put a number or null in its place in the file.")
      }
      throw .malformedJSON(path: path, offset: error.offset, reason: error.reason)
    }
  }

  /// What a file is by its first bytes when it is no JSON, and what to do.
  private static func otherKind(_ bytes: [UInt8]) -> (found: String, advice: String)? {
    let fetch =
      "Fetch the file again; a browser's \"raw\" or \"download\" link gives the file itself."
    let head = bytes.prefix(64)
    func starts(_ text: String) -> Bool { head.starts(with: text.utf8) }
    let start = head.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if start.isEmpty, bytes.count <= 64 {
      return (bytes.isEmpty ? "an empty file" : "nothing but white space", fetch)
    }
    if starts("version https://git-lfs") {
      return (
        "a pointer of git-LFS instead of the file",
        "Run: git lfs pull, in the repository that it comes from."
      )
    }
    let lower = String(decoding: start, as: UTF8.self).lowercased()
    if lower.hasPrefix("<!doctype") || lower.hasPrefix("<html") || lower.hasPrefix("<?xml") {
      return ("a web page", fetch)
    }
    if head.starts(with: [0xEF, 0xBB, 0xBF]) {
      return (
        "a byte order mark at the start", "Remove it: sed -i '1s/^\\xEF\\xBB\\xBF//' FILE."
      )
    }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      return ("text in UTF-16", "Write it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE.")
    }
    if head.starts(with: [0x1F, 0x8B]) { return ("a gzip file", "Unpack it: gunzip FILE.gz.") }
    if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      return ("a zstd file", "Unpack it: zstd -d FILE.zst.")
    }
    if starts("PK\u{3}\u{4}") { return ("a zip file", "Unpack it: unzip FILE.") }
    if starts("#version") || isRanks(head) {
      return (starts("#version") ? "merges of the old form" : "ranks of tiktoken", conversion)
    }
    if head.contains(where: { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) }) {
      return ("a binary file, perhaps a model of SentencePiece", conversion)
    }
    return nil
  }

  /// Whether a text begins with a line of base64 and a number.
  private static func isRanks(_ head: ArraySlice<UInt8>) -> Bool {
    let line = head.prefix { $0 != 0x0A }
    let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 2, line.count < head.count, let rank = parts.last, !rank.isEmpty else {
      return false
    }
    return rank.allSatisfy { (0x30...0x39).contains($0) } && parts[0].count >= 4
      && Data(base64Encoded: Data(parts[0])) != nil
  }
}
