import EngineInterface
import TerminalUI

extension Action {
  static let export = Action(
    "export", [.character("E"), .control("s")], "export what is shown: csv, json, svg, txt",
    label: "export", does: { $0.askForExport(ExportTarget()) })
}

extension Reducer {
  /// Asks for what is not said of a file, or writes it at once.
  mutating func export(_ target: ExportTarget) {
    guard target.name != nil else { return askForExport(target) }
    if let complaint = order(target) { say(complaint, isWarning: true) }
  }

  mutating func askForExport(_ target: ExportTarget) {
    let name = target.name ?? proposedName(target.format ?? .csv)
    state.prompt = Prompt("export to (.csv .json .svg .txt): ", text: name) { answer, reducer in
      let name = answer.trimmed
      if name.isEmpty { return "a name" }
      return reducer.order(ExportTarget(format: ExportFormat(fileName: name), name: name))
    }
  }

  /// "select-rates.csv": tables are of a pane, the rest of the screen.
  private func proposedName(_ format: ExportFormat) -> String {
    let pane = format == .csv ? "-\(state.focusedPane.rawValue)" : ""
    return "\(state.screen)\(pane).\(format.rawValue)"
  }

  /// Sends the order away; a few words when it cannot be one.
  private mutating func order(_ target: ExportTarget) -> String? {
    guard var name = target.name, !name.isEmpty else { return "a name" }
    guard let format = target.format ?? ExportFormat(fileName: name) else {
      return "a name that ends in .csv, .json, .svg or .txt"
    }
    if ExportFormat(fileName: name) == nil { name += ".\(format.rawValue)" }
    effects.append(
      .export(
        ExportOrder(format: format, screen: state.screen, pane: state.focusedPane, name: name)))
    return nil
  }

  /// Says what became of it; a file that is there already is only replaced if a person says so.
  mutating func exported(_ order: ExportOrder, _ answer: ExportAnswer) {
    switch answer {
    case .written(let path): say("Written: \(path).")
    case .failed(let text): say("Not written: \(text)", isWarning: true)
    case .exists(let path):
      state.prompt = Prompt("\(path) is there; y replaces it, or another name: ") {
        answer, reducer in
        let name = answer.trimmed
        if name.lowercased() == "y" || name.lowercased() == "yes" {
          var order = order
          order.replaces = true
          reducer.effects.append(.export(order))
          return nil
        }
        if name.isEmpty || name.lowercased() == "n" || name.lowercased() == "no" {
          reducer.say("Not written.")
          return nil
        }
        return reducer.order(ExportTarget(format: ExportFormat(fileName: name), name: name))
      }
    }
  }
}
