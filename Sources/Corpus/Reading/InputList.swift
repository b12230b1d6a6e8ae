import Glibc
import Store

/// One file to read.
struct InputFile: Sendable, Equatable {
  /// What the lines of the file are.
  enum Kind: Sendable { case jsonLines, plainText }

  let path: String
  let kind: Kind
  /// Source of documents that name none themselves; nil for JSON lines outside a folder.
  let source: String?
  /// Name of a document that is the whole file.
  let name: String

  /// The input that stands for the standard input.
  static let standardInput = "-"

  var isStandardInput: Bool { path == Self.standardInput }

  /// Size on disk and time of the last change; of a stream, what was read.
  func status(bytesRead: Int) throws(CorpusError) -> (size: Int, modified: Int64) {
    isStandardInput ? (bytesRead, 0) : try fileStatus(path)
  }

  /// Size on disk; 0 of a stream.
  func size() throws(CorpusError) -> Int { try status(bytesRead: 0).size }
}

/// Turns the inputs that a person names into files, in a fixed order.
enum InputList {
  /// Files of `inputs` in the given order; what a folder holds comes sorted by name.
  static func files(
    of inputs: [String], windowLog: Int = DecompressionLimit.windowLog
  ) throws(CorpusError) -> [InputFile] {
    var files: [InputFile] = []
    for input in inputs {
      if input == InputFile.standardInput {
        files.append(
          InputFile(path: input, kind: .jsonLines, source: nil, name: "standard input"))
        continue
      }
      if Folder.exists(input) {
        try add(input, windowLog, to: &files)
      } else if let matches = GlobPattern.matches(of: input) {
        for match in matches { try add(match, windowLog, to: &files) }
      } else {
        throw .unreadable(path: input, reason: "no such file or folder")
      }
    }
    return files
  }

  private static func add(
    _ input: String, _ windowLog: Int, to files: inout [InputFile]
  ) throws(CorpusError) {
    if Folder.isFolder(input) {
      let names = try storing { () throws(StoreError) in try Folder.list(input) }
      try InputRefusal.check(folder: input, names: names)
      let before = files.count
      try walk(input, relative: "", source: lastComponent(input), visited: [], into: &files)
      for file in files[before...].prefix(refusalLimit) {
        try InputRefusal.check(file, isNamed: false, windowLog: windowLog)
      }
    } else {
      let name = lastComponent(input)
      let kind = kind(of: name)
      let file = InputFile(
        path: input, kind: kind, source: kind == .plainText ? stem(name) : nil, name: name)
      try InputRefusal.check(file, isNamed: true, windowLog: windowLog)
      files.append(file)
    }
  }

  /// Files of a folder that are looked into beforehand.
  private static let refusalLimit = 1000

  /// Files of a folder: the source is the first sub-folder, for files at the top the folder itself.
  private static func walk(
    _ folder: String, relative: String, source: String, visited: [UInt64],
    into files: inout [InputFile]
  ) throws(CorpusError) {
    var status = stat()
    // A link back to a folder on the way down would never end.
    guard stat(folder, &status) == 0, !visited.contains(UInt64(status.st_ino)) else { return }
    let names = try storing { () throws(StoreError) in try Folder.list(folder) }
    for name in names where !name.hasPrefix(".") {
      let path = folder + "/" + name
      let inner = relative.isEmpty ? name : relative + "/" + name
      if Folder.isFolder(path) {
        try walk(
          path, relative: inner, source: relative.isEmpty ? name : source,
          visited: visited + [UInt64(status.st_ino)], into: &files)
      } else {
        files.append(InputFile(path: path, kind: kind(of: name), source: source, name: inner))
      }
    }
  }

  private static func kind(of name: String) -> InputFile.Kind {
    let extensions = [".jsonl", ".ndjson", ".json"]
    let plain = stripCompression(name).lowercased()
    return extensions.contains { plain.hasSuffix($0) } ? .jsonLines : .plainText
  }

  private static func stripCompression(_ name: String) -> String {
    for suffix in [".zst", ".zstd", ".gz"] where name.lowercased().hasSuffix(suffix) {
      return String(name.dropLast(suffix.count))
    }
    return name
  }

  private static func stem(_ name: String) -> String {
    let plain = stripCompression(name)
    guard let dot = plain.lastIndex(of: "."), dot != plain.startIndex else { return plain }
    return String(plain[..<dot])
  }

  private static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
