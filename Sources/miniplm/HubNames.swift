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
  /// Options whose value may be a model's name.
  private static let options = [
    "--model", "--teacher", "--reference", "--tokenizer", "--from", "--to",
    "--convert-from", "--convert-to",
  ]
  /// Commands whose arguments may be models' names.
  private static let commands = ["inspect", "probe", "compare", "tokenizer"]

  /// Names that were given where a model or a tokenizer is expected; what ends as a file does is no
  /// name.
  private static var given: [HubName] {
    var names: [HubName] = []
    var option: String?
    let takesModels = CommandLine.arguments.dropFirst().first.map(commands.contains) ?? false
    for argument in CommandLine.arguments.dropFirst(2) {
      var value = argument
      if argument.hasPrefix("-") {
        option = String(argument.prefix { $0 != "=" })
        guard argument.contains("=") else { continue }
        value = String(argument.drop { $0 != "=" }.dropFirst())
      }
      let isExpected = option.map(options.contains) ?? takesModels
      option = nil
      guard isExpected, ![".gguf", ".json", ".safetensors"].contains(where: value.hasSuffix),
        let name = HubName(value), !names.contains(name)
      else { continue }
      names.append(name)
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
