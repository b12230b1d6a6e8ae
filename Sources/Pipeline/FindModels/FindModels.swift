import Foundation
import LanguageModels
public import ModelPlaces
import Store
public import TensorKit

/// Lists the models that lie on this machine, and says of each what it is, what it takes, and whether
/// it can be used. Headers are read, no weights.
public struct FindModels {
  public struct Result: Sendable, Equatable {
    public var models: [ListedModel]
    /// Where was looked.
    public var places: [SearchedPlace]
    /// Memory that is free now.
    public var freeBytes: Int

    /// Where was looked, a line each.
    public var placeLines: [String] {
      places.map { "\($0.path) (\($0.kind)\($0.isThere ? "" : ", not there"))" }
    }
  }

  private let folders: [String]
  private let compute: Ops

  /// - Parameter folders: to look into beside the places of other programs.
  public init(folders: [String], compute: Ops) {
    self.folders = folders
    self.compute = compute
  }

  /// The folders that are looked into unasked: `models` in the given folder, which may be a project's,
  /// and in the current one, and what lies in the current one itself.
  public static func usualFolders(project: String? = nil) -> [String] {
    var folders = [String]()
    if let project {
      folders += [project + "/models", Folder.parent(of: project) + "/models"]
    }
    folders.append("models")
    return folders.filter { Folder.isFolder($0) }
  }

  /// Looks.
  ///
  /// - Throws: `WorkStopped`.
  public func run(_ work: Work) throws -> Result {
    let search = ModelSearch(
      folders: folders, besides: folders.contains(".") ? [] : ["."],
      configuration: ModelFolder.configurationName)
    let (found, places) = search.run()
    let free = SystemMemory.available()
    let reader = ListedModelReader(compute: compute, freeBytes: free)
    var models: [ListedModel] = []
    for (index, model) in found.enumerated() {
      try work.checkpoint()
      work.report(
        WorkProgress(
          Double(index) / Double(max(1, found.count)), detail: "\(index) of \(found.count) models"))
      models.append(reader.read(model))
    }
    for (index, group) in try TokenizerGroups(models, work).all().enumerated() {
      models[index].tokenizer = group.digest
      models[index].sameTokenizerAs = group.names
    }
    return Result(models: models, places: places, freeBytes: free)
  }
}
