import EngineInterface
import Glibc
public import Pipeline
import Store
import TensorKit

/// A project: its folder, or its settings.
public enum InspectedProject: InspectedKind {
  public static let words = "a project"

  private static let fileName = "project.json"

  public static func matches(_ path: String) -> Bool {
    path == fileName || path.hasSuffix("/" + fileName) || Folder.exists("\(path)/\(fileName)")
  }

  public static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    let path = inspection.path
    let folder = ProjectFolder(path: Folder.isFolder(path) ? path : Folder.parent(of: path))
    guard let settings = try ProjectEngine.settings(in: folder.path) else {
      throw StoreError.system(
        operation: "read", path: folder.settings, failure: SystemFailure(code: ENOENT))
    }
    let status = ProjectStatus(folder: folder, settings: settings)
    let precisions = ProjectPrecisions(
      folder: folder, settings: settings, capability: .present)
    func name(_ setting: PrecisionSetting, _ inForce: Precision?) -> String {
      guard setting == .auto, let inForce else { return setting.rawValue }
      return "auto (\(inForce.rawValue))"
    }
    var lines = [
      "project \(settings.name): ratio \(settings.ratio), seed \(settings.seed), chunks of at most "
        + "\(settings.chunkTokens) tokens, scoring in "
        + "\(name(settings.scoringPrecision, precisions.scoring)), training in "
        + "\(name(settings.trainingPrecision, precisions.training))"
    ]
    for stage in Stage.allCases {
      lines.append("\(stage.title): \(status.isDone(stage) ? "done" : "to do")")
    }
    return lines
  }
}
