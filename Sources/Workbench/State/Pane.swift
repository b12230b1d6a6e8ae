/// A part of a screen that can have the focus. The raw value is also the kind of its mouse targets.
public enum Pane: String, CaseIterable, Hashable, Sendable {
  case sources, documents, preview
  case models, checks, modelCurves
  case scoreHistogram, latest, spread
  case border, rates, histogram, borderPreview
  case text, tokens, profile
  case plan, files, card
  case curve, figures, events
  case table, runs, summary

  /// The pane that a list row of the mouse belongs to.
  public init?(hitKind: String) {
    self.init(rawValue: hitKind)
  }
}

extension ScreenID {
  /// The panes in the order of Tab; the first has the focus at the start.
  public var panes: [Pane] {
    switch self {
    case .corpus: [.documents, .preview, .sources]
    case .models: [.models, .checks, .modelCurves]
    case .score: [.scoreHistogram, .latest, .spread]
    case .select: [.border, .rates, .histogram, .borderPreview]
    case .document: [.text, .tokens, .profile]
    case .commit: [.plan, .files, .card]
    case .train: [.curve, .figures, .events]
    case .compare: [.table, .runs, .summary]
    }
  }
}
