/// Runs and files of points that one law is fitted to.
public struct FitGroup: Sendable, Equatable {
  /// As results name it.
  public var name: String
  /// Run folders, and files of points.
  public var paths: [String]

  public init(name: String, paths: [String]) {
    self.name = name
    self.paths = paths
  }

  /// Reads arguments: `NAME=PATH,PATH` is a group of its own; the others are one together, under the
  /// name of the only one, or else `name`.
  ///
  /// A path that exists as it stands is one, whatever signs it has.
  public static func groups(
    _ arguments: [String], name: String, exists: (String) -> Bool
  ) -> [FitGroup] {
    var groups: [FitGroup] = []
    var plain: [String] = []
    for argument in arguments {
      guard !exists(argument), let sign = argument.firstIndex(of: "="), sign > argument.startIndex
      else {
        plain.append(argument)
        continue
      }
      let list = String(argument[argument.index(after: sign)...])
      groups.append(
        FitGroup(
          name: String(argument[..<sign]),
          paths: exists(list) ? [list] : list.split(separator: ",").map(String.init)))
    }
    guard !plain.isEmpty else { return groups }
    let only = plain.count == 1 ? plain[0].split(separator: "/").last.map(String.init) : nil
    return [FitGroup(name: only ?? name, paths: plain)] + groups
  }
}
