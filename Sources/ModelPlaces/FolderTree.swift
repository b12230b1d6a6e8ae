import Glibc
import Hub
import Store

/// Models in a folder and the folders in it: model folders, and GGUF files.
struct FolderTree {
  private let place: String
  private let root: String
  private let configuration: String

  /// OWNER/NAME/FILE, and one more.
  private static let deepest = 4
  /// A folder of a whole disk is no place for models.
  private static let mostFolders = 5_000

  private let depth: Int

  init(_ place: String, root: String, configuration: String, depth: Int = deepest) {
    self.depth = depth
    self.place = place
    self.root = root
    self.configuration = configuration
  }

  func models() -> [FoundModel] {
    var (result, count): ([FoundModel], Int) = ([], 0)
    look(root, name: "", depth: 0, &count, &result)
    return result
  }

  private func look(
    _ folder: String, name: String, depth: Int, _ count: inout Int, _ result: inout [FoundModel]
  ) {
    count += 1
    guard count <= Self.mostFolders, let names = try? Folder.list(folder) else { return }
    result += Self.models(
      in: folder, names: names, name: name, place: place, configuration: configuration)
    guard depth < self.depth else { return }
    for child in names where !child.hasPrefix(".") {
      let path = folder + "/" + child
      // Links lead to places that are looked into as themselves, or round in circles.
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
      look(
        path, name: name.isEmpty ? child : name + "/" + child, depth: depth + 1, &count, &result)
    }
  }

  /// The model that a folder is, and the GGUF models in it.
  ///
  /// - Parameter name: what the folder is called; empty: models are called by their own names.
  static func models(
    in folder: String, names: [String], name: String, place: String, configuration: String
  ) -> [FoundModel] {
    var result: [FoundModel] = []
    let weights = names.filter { $0.hasSuffix(".safetensors") || $0.hasSuffix(".bin") }
    let hasConfiguration = names.contains(configuration)
    let parts = names.filter { $0.lowercased().hasSuffix(".gguf") }
    if hasConfiguration && (!weights.isEmpty || parts.isEmpty)
      || weights.contains(where: { $0.hasPrefix("model") })
    {
      let lost = names.filter { isLost(folder + "/" + $0) }
      result.append(
        FoundModel(
          path: folder,
          name: name.isEmpty ? folder.split(separator: "/").last.map(String.init) ?? folder : name,
          place: place, missing: lost.isEmpty ? nil : "lacks \(OutputPath.words(lost))",
          files: names.map { folder + "/" + $0 }))
    }
    return result + ggufModels(in: folder, names: parts, name: name, place: place)
  }

  /// GGUF models among the files of a folder, each once whatever its number of parts.
  static func ggufModels(
    in folder: String, names: [String], name: String, place: String
  ) -> [FoundModel] {
    var result: [FoundModel] = []
    for file in names where !file.lowercased().contains("mmproj") {
      var files = [file]
      var missing: String?
      if let part = GGUFParts(file) {
        let all = (1...part.count).map(part.name)
        // Of a model without its first part the first that is there stands for it.
        guard all.first(where: names.contains) == file else { continue }
        files = all.filter(names.contains)
        let lost = all.count - files.count
        if lost > 0 { missing = "lacks \(lost) of \(all.count) parts" }
      }
      if missing == nil, let lost = files.first(where: { isLost(folder + "/" + $0) }) {
        missing = "lacks \(lost)"
      }
      result.append(
        FoundModel(
          path: folder + "/" + file,
          name: name.isEmpty ? file : names.count > 1 ? "\(name):\(file)" : name, place: place,
          missing: missing, files: files.map { folder + "/" + $0 }, isFile: true))
    }
    return result
  }

  /// Whether a name is a link that leads nowhere: a blob that is gone, or has not come yet.
  private static func isLost(_ path: String) -> Bool { !Folder.exists(path) }
}
