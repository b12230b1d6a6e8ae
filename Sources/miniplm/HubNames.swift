import Foundation
import Hub
import Pipeline

/// A model, or a tokenizer's folder, of an option: a path, or OWNER/NAME of a model in the hub's cache.
/// What is neither stays as it was given, for the command to refuse.
func modelPlace() -> @Sendable (String) throws -> String {
  { HubName($0)?.place()?.path ?? $0 }
}

/// What the command line says of the hub's models.
enum HubNames {
  /// Names that were given, with what follows a "=" of an option.
  private static var given: [HubName] {
    var names: [HubName] = []
    for argument in CommandLine.arguments.dropFirst(2) {
      let text =
        argument.hasPrefix("-")
        ? String(argument.drop { $0 != "=" }.dropFirst()) : argument
      if let name = HubName(text), !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// Says which snapshots are read.
  static func note() {
    if CommandLine.arguments.contains(where: { ["-q", "--quiet", "pull"].contains($0) }) { return }
    for name in given {
      guard let place = name.place() else { continue }
      Output.error(
        "\(name.text) is snapshot \(place.commit.prefix(12)) of the cache: \(place.path)")
    }
  }

  /// What to do where a model that was named as the hub names it is not there.
  static var advice: [String] {
    given.filter { $0.place() == nil }.map {
      "If \($0.text) is a model of the hub, it is not in its cache (\(HubCache().path)): fetch it "
        + "with 'miniplm pull \($0.text)'; 'miniplm models' lists what is there."
    }
  }
}
