/// What a key, a click or a line of the palette can do. The raw value is the name in key files.
public enum ActionID: String, CaseIterable, Hashable, Sendable {
  // Everywhere.
  case help, palette
  case screen1 = "screen.1"
  case screen2 = "screen.2"
  case screen3 = "screen.3"
  case screen4 = "screen.4"
  case screen5 = "screen.5"
  case screen6 = "screen.6"
  case screen7 = "screen.7"
  case screen8 = "screen.8"
  case nextPane = "pane.next"
  case previousPane = "pane.previous"
  case up, down, left, right
  case pageUp = "page.up"
  case pageDown = "page.down"
  case halfPageUp = "page.halfUp"
  case halfPageDown = "page.halfDown"
  case home, end
  case open
  case copy
  case undo, redo
  case runNext = "job.next"
  case pause = "job.pause"
  case stop = "job.stop"
  case log
  case settings
  case mouseCapture = "mouse.capture"
  case redraw, suspend, cancel, back, quit

  // Corpus.
  case search
  case searchNext = "search.next"
  case searchPrevious = "search.previous"
  case filterSource = "filter.source"
  case sortDocuments = "documents.sort"
  case study

  // Score, Select.
  case bins = "histogram.bins"
  case moreBins = "histogram.moreBins"
  case fewerBins = "histogram.fewerBins"
  case logAxis = "axis.log"
  case ratioDown = "ratio.down"
  case ratioUp = "ratio.up"
  case ratioDownFine = "ratio.downFine"
  case ratioUpFine = "ratio.upFine"
  case ratioType = "ratio.type"
  case pinA = "pin.a"
  case pinB = "pin.b"
  case pinAgain = "pin.again"
  case border = "border.jump"
  case flip
  case floor

  // Document.
  case previousDocument = "document.previous"
  case nextDocument = "document.next"
  case colour = "document.colour"
  case tokenOrder = "tokens.order"

  // Commit.
  case dryRun = "commit.plan"

  // Models, Train.
  case precision
  case checkpoint
  case smoothing
  case xAxis = "axis.x"
  case lossKind = "train.loss"
  case zoomIn = "zoom.in"
  case zoomOut = "zoom.out"

  // Compare.
  case metric = "compare.metric"
  case relative = "compare.relative"
  case sortRows = "compare.sort"
  case report

  /// The screen that a digit opens.
  public var screen: ScreenID? {
    switch self {
    case .screen1: .corpus
    case .screen2: .models
    case .screen3: .score
    case .screen4: .select
    case .screen5: .document
    case .screen6: .commit
    case .screen7: .train
    case .screen8: .compare
    default: nil
    }
  }
}
