import EngineInterface
import TerminalUI

/// Actions that change how a screen is drawn, not what is chosen.
extension Reducer {
  mutating func performView(_ action: ActionID) -> Bool {
    switch action {
    case .search: ask(.search, text: state.corpus.text ?? "")
    case .searchNext: move(.down, in: .documents)
    case .searchPrevious: move(.up, in: .documents)
    case .filterSource: openSourceFilter()
    case .sortDocuments: sortDocuments()
    case .study: send(.studyCorpus)
    case .bins: cycleBins()
    case .moreBins: changeBins(1)
    case .fewerBins: changeBins(-1)
    case .logAxis: toggleLog()
    case .colour:
      state.document.colour = Self.next(state.document.colour)
      say("Colour: \(state.document.colour.title).")
    case .tokenOrder:
      state.document.sortsTokens.toggle()
      state.lists[.tokens] = ListState()
    case .dryRun: planCommit()
    case .smoothing: cycleSmoothing()
    case .xAxis: state.train.axis = Self.next(state.train.axis)
    case .lossKind: state.train.showsTrainLoss.toggle()
    case .zoomIn: zoom(1)
    case .zoomOut: zoom(-1)
    case .metric: state.compare.showsPerplexity.toggle()
    case .relative: state.compare.isRelative.toggle()
    case .sortRows: state.compare.order = Self.next(state.compare.order)
    case .report: writeReport()
    default: return false
    }
    return true
  }

  private static func next<Value: CaseIterable & Equatable>(_ value: Value) -> Value {
    let all = Array(Value.allCases)
    guard let index = all.firstIndex(of: value) else { return value }
    return all[(index + 1) % all.count]
  }

  private mutating func openSourceFilter() {
    guard let sources = state.engine.corpus?.sources, !sources.isEmpty else {
      say("No corpus yet.", isWarning: true)
      return
    }
    let selected = sources.firstIndex { $0.name == state.corpus.source }.map { $0 + 1 } ?? 0
    state.overlay = .sourceFilter(ListState(selected: selected))
  }

  mutating func sortDocuments() {
    var order = Self.next(state.corpus.order)
    // Around the border has a list of its own, on the Select screen.
    if order == .border { order = Self.next(order) }
    showDocuments { $0.order = order }
  }

  private mutating func cycleBins() {
    let choices = HistogramOptions.binChoices
    let index = choices.firstIndex(of: state.histogram.bins) ?? 0
    state.histogram.bins = choices[(index + 1) % choices.count]
  }

  mutating func changeBins(_ step: Int) {
    let choices = HistogramOptions.binChoices
    let index = (choices.firstIndex(of: state.histogram.bins) ?? 0) + step
    state.histogram.bins = choices[min(choices.count - 1, max(0, index))]
  }

  private mutating func toggleLog() {
    if state.screen == .train {
      state.train.isLogarithmic.toggle()
    } else {
      state.histogram.isLogarithmic.toggle()
    }
  }

  private mutating func cycleSmoothing() {
    let choices = TrainOptions.smoothings
    let index = choices.firstIndex(of: state.train.smoothing) ?? 0
    state.train.smoothing = choices[(index + 1) % choices.count]
  }

  mutating func zoom(_ step: Int) {
    state.train.zoom = min(6, max(0, state.train.zoom + step))
  }

  private mutating func writeReport() {
    guard state.engine.comparison != nil else {
      say("Nothing to report yet: the students have not been compared.", isWarning: true)
      return
    }
    send(.writeReport)
    say("Writing the report.")
  }
}

extension DocumentOptions.Colour {
  var title: String {
    switch self {
    case .difference: "log p - log q"
    case .teacher: "loss of the teacher"
    case .reference: "loss of the reference"
    case .plain: "off"
    }
  }
}
