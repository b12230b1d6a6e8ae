import EngineInterface
import Reports

/// Table 1 of the MiniPLM paper as the screen shows it.
enum PublishedTaskFigures {
  static var all: [PublishedTasks] {
    PublishedResults.accuracies.map { model in
      let words = model.name.split(separator: " ", maxSplits: 1).map(String.init)
      let method = words.last ?? ""
      return PublishedTasks(
        method: method == "Pre-Train w/o KD" ? "no KD" : method, size: words.first ?? "",
        values: model.scores.mapValues(\.value), mean: PublishedResults.means[model.name] ?? .nan)
    }
  }
}
