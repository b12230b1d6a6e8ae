import Store
import Workbench

/// Files that the workbench exports into.
enum ExportFiles {
  /// The folder of a project that names without a folder go into.
  static let folder = "exports"

  /// Writes a file whole or not at all; one that is there stays, unless a person has said otherwise.
  @MainActor
  static func write(_ order: ExportOrder, _ text: String, in project: String?) -> ExportAnswer {
    do {
      let isPlain = !order.name.contains("/")
      let folder = (project ?? ".") + "/" + folder
      let path = isPlain ? "\(folder)/\(order.name)" : order.name
      if Folder.exists(path), !order.replaces { return .exists(path) }
      if isPlain { try Folder.make(folder) }
      let output = try OutputPath(file: path)
      try AtomicFile.write(text: text, to: output.path)
      return .written(path)
    } catch {
      return .failed("\(error)")
    }
  }
}
