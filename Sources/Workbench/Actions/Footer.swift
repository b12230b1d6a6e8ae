import TerminalUI

extension ScreenID {
  /// The keys of the bottom line, most useful first. Help and quit are always there; of the others
  /// what does not fit is left out.
  public var footer: [FooterEntry] {
    [FooterEntry(.help, label: "help")] + own + [
      FooterEntry(.palette, label: "command"), FooterEntry(.quit, label: "quit"),
    ]
  }

  private var own: [FooterEntry] {
    let pane = FooterEntry(.nextPane, label: "pane")
    switch self {
    case .corpus:
      return [
        FooterEntry(.search, label: "find"), FooterEntry(.filterSource, label: "source"),
        FooterEntry(.sortDocuments, label: "sort"), FooterEntry(.study, label: "study"), pane,
        FooterEntry(.open, label: "read"),
        FooterEntry(.runNext, label: "run next"),
      ]
    case .models:
      return [
        pane, FooterEntry(.pause, label: "pause"), FooterEntry(.stop, label: "stop"),
        FooterEntry(.precision, label: "precision"), FooterEntry(.runNext, label: "run next"),
        FooterEntry(.checkpoint, label: "checkpoint"),
      ]
    case .score:
      return [
        FooterEntry(.pause, label: "pause"), FooterEntry(.stop, label: "stop"),
        FooterEntry(.fewerBins, .moreBins, label: "bins"), FooterEntry(.logAxis, label: "log"),
        pane, FooterEntry(.screen4, label: "select"), FooterEntry(.runNext, label: "run next"),
      ]
    case .select:
      return [
        FooterEntry(.ratioDown, .ratioUp, label: "ratio"),
        FooterEntry(.ratioDownFine, .ratioUpFine, label: "fine"),
        FooterEntry(.ratioType, label: "type"), FooterEntry(.screen6, label: "commit"),
        FooterEntry(.flip, label: "flip"), FooterEntry(.undo, .redo, label: "undo"),
        FooterEntry(.pinA, .pinB, label: "pin"), FooterEntry(.border, label: "border"),
        FooterEntry(.floor, label: "floor"), pane,
      ]
    case .document:
      return [
        FooterEntry(.previousDocument, .nextDocument, label: "doc"),
        FooterEntry(.down, .up, label: "scroll"), FooterEntry(.colour, label: "colour"),
        FooterEntry(.tokenOrder, label: "tokens"), FooterEntry(.copy, label: "copy"),
        FooterEntry(.flip, label: "flip"), FooterEntry(.back, label: "back"),
      ]
    case .commit:
      return [
        FooterEntry(.open, label: "press button"), FooterEntry(.left, .right, label: "button"),
        FooterEntry(.dryRun, label: "dry run"), pane, FooterEntry(.screen4, label: "select"),
      ]
    case .train:
      return [
        FooterEntry(.pause, label: "pause"), FooterEntry(.stop, label: "stop"),
        FooterEntry(.checkpoint, label: "ckpt"), FooterEntry(.smoothing, label: "smooth"),
        FooterEntry(.xAxis, label: "x"), FooterEntry(.logAxis, label: "log"),
        FooterEntry(.lossKind, label: "loss"), FooterEntry(.precision, label: "prec"),
        FooterEntry(.zoomIn, .zoomOut, label: "zoom"),
        FooterEntry(.screen8, label: "compare"), FooterEntry(.runNext, label: "run"),
      ]
    case .compare:
      return [
        FooterEntry(.report, label: "write report"), FooterEntry(.metric, label: "metric"),
        FooterEntry(.relative, label: "delta"), FooterEntry(.sortRows, label: "sort"), pane,
        FooterEntry(.runNext, label: "run"),
      ]
    }
  }
}
