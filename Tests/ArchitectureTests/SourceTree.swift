import Foundation

/// The repository's own sources, read for the rules that the compiler does not hold.
struct SourceTree {
  struct File {
    let module: String
    let path: String
    let text: String
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  }

  let root: URL
  let files: [File]
  let manifest: String

  init() throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    self.root = root
    manifest = try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)
    let sources = root.appendingPathComponent("Sources")
    var found: [File] = []
    let walker = FileManager.default.enumerator(atPath: sources.path)
    while let name = walker?.nextObject() as? String {
      guard [".swift", ".c", ".h", ".inc", ".cpp"].contains(where: { name.hasSuffix($0) }) else {
        continue
      }
      let module = name.split(separator: "/").first.map(String.init) ?? ""
      found.append(
        File(
          module: module, path: name,
          text: try String(contentsOf: sources.appendingPathComponent(name), encoding: .utf8)))
    }
    files = found.sorted { $0.path < $1.path }
  }

  /// Modules that `module`'s Swift files import.
  func imports(of module: String) -> Set<String> {
    var result: Set<String> = []
    for file in files where file.module == module && file.path.hasSuffix(".swift") {
      for line in file.lines {
        var words = line.split(separator: " ").map(String.init)
        if let first = words.first, ["public", "package", "internal", "private"].contains(first) {
          words.removeFirst()
        }
        if words.count >= 2, words[0] == "import" { result.insert(words[1]) }
      }
    }
    return result
  }

  /// The project's own modules.
  var modules: Set<String> { Set(files.map(\.module)) }
}
