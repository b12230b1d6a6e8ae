import ArgumentParser
import Foundation
import Hub
import ModelPlaces
import Pipeline
import Store

/// A model, or a tokenizer's folder, of an option: a path, OWNER/NAME of a model in the hub's cache, or
/// a name as 'models' lists it. What is none of them stays as it was given, for the command to refuse.
func modelPlace() -> @Sendable (String) throws -> String {
  { text in
    if Folder.exists(text) { return text }
    if let place = HubName(text)?.place() { return place.path }
    switch ModelName(text).meaning {
    case .model(let model): return model.path
    case .several(let models):
      throw ValidationError(
        "'\(text)' is the name of \(models.count) models; give the path of one:\n"
          + ModelName.lines(models).joined(separator: "\n"))
    case .path, .none: return text
    }
  }
}

/// What the command line says of models that were named.
enum HubNames {
  /// Options whose value may be a model's name.
  private static let options = [
    "--model", "--teacher", "--reference", "--tokenizer", "--from", "--to",
    "--convert-from", "--convert-to",
  ]
  /// Commands whose arguments may be models' names.
  private static let commands = ["inspect", "probe", "compare", "tokenizer"]

  /// What was given where a model or a tokenizer is expected, and is no path.
  private static var values: [String] {
    var values: [String] = []
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
      guard isExpected, !values.contains(value), !Folder.exists(value) else { continue }
      values.append(value)
    }
    return values
  }

  /// Those that may be names of the hub; what ends as a file does is none.
  private static var given: [HubName] {
    values.filter { value in
      ![".gguf", ".json", ".safetensors"].contains(where: value.hasSuffix)
    }.compactMap(HubName.init)
  }

  /// Says which models are read.
  static func note() {
    if CommandLine.arguments.contains(where: { ["-q", "--quiet", "pull"].contains($0) }) { return }
    for value in values {
      if let place = HubName(value)?.place() {
        Output.error("\(value) is snapshot \(place.commit.prefix(12)) of the cache: \(place.path)")
      } else if case .model(let model) = ModelName(value).meaning {
        Output.error("\(value) is \(model.name) (\(model.place)): \(model.path)")
      }
    }
  }

  /// What to do where a model that was named is not there.
  static var advice: [String] {
    let hub = given.filter { $0.place() == nil }.map(\.text)
    return values.flatMap { value -> [String] in
      guard case .none(let similar) = ModelName(value).meaning else { return [] }
      let alike =
        similar.isEmpty
        ? []
        : ["No model of this machine is called \(value); these are alike:"]
          + ModelName.lines(similar)
      guard hub.contains(value) else { return alike }
      return alike + [
        "If \(value) is a model of the hub, it is not in its cache (\(HubCache().path)): fetch it "
          + "with 'miniplm pull \(value)'; 'miniplm models' lists what is there."
      ]
    }
  }
}
