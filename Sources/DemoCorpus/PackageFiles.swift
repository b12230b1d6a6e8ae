import Corpus
import Foundation
import Store

/// Files of installed Debian packages, found by dpkg's own lists.
struct PackageFiles {
  /// Where the system stands: "" for this machine, a folder in tests.
  let root: String

  /// Existing files of a kind, sorted, or a sentence that says which package is missing.
  func find(_ kind: TextKind) throws(DemoCorpusError) -> Result {
    let origin = kind.origin
    let database = root + "/var/lib/dpkg/info"
    let names =
      Folder.exists(database)
      ? try storing { () throws(StoreError) in try Folder.list(database) } : []
    let lists = names.filter { name in
      name.hasSuffix(".list") && origin.packages.contains { matches(packageName(name), $0) }
    }
    let install = origin.install.joined(separator: " and ")
    guard !lists.isEmpty else {
      return .missing("No \(kind.rawValue): the package \(install) is not installed.")
    }
    var files: Set<String> = []
    for list in lists {
      let content = try reading { () throws(CorpusError) in
        try readWholeFile(database + "/" + list)
      }
      for line in content.split(separator: UInt8(ascii: "\n")) {
        let path = String(decoding: line, as: UTF8.self)
        if origin.accepts(path), isPlainFile(root + path) { files.insert(path) }
      }
    }
    guard !files.isEmpty else {
      return .missing(
        "No \(kind.rawValue): the package \(install) is installed without its documentation; "
          + "this system leaves out files of /usr/share/doc or /usr/share/man.")
    }
    return .files(files.sorted())
  }

  enum Result {
    case files([String])
    case missing(String)
  }

  /// "libc6" of "libc6:amd64.list".
  private func packageName(_ list: String) -> Substring {
    list.dropLast(".list".count).prefix { $0 != ":" }
  }

  private func matches(_ name: Substring, _ pattern: String) -> Bool {
    guard let star = pattern.firstIndex(of: "*") else { return name == pattern }
    let (start, end) = (pattern[..<star], pattern[pattern.index(after: star)...])
    return name.count >= start.count + end.count && name.hasPrefix(start) && name.hasSuffix(end)
  }

  /// Links are left out: the same text would come twice.
  private func isPlainFile(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.type] as? FileAttributeType == .typeRegular
  }
}
