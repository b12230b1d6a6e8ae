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
}

/// Turns the inputs that a person names into files, in a fixed order.
enum InputList {
  /// Files of `inputs` in the given order; what a folder holds comes sorted by name.
  static func files(of inputs: [String]) throws(CorpusError) -> [InputFile] {
    var files: [InputFile] = []
    for input in inputs {
      guard Folder.exists(input) else {
        throw .unreadable(path: input, reason: "no such file or folder")
      }
      if Folder.isFolder(input) {
        let root = lastComponent(input)
        try walk(input, relative: "", source: root, visited: [], into: &files)
      } else {
        let name = lastComponent(input)
        let kind = kind(of: name)
        files.append(
          InputFile(
            path: input, kind: kind, source: kind == .plainText ? stem(name) : nil, name: name))
      }
    }
    return files
  }

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
