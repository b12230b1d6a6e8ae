import EngineInterface
public import TerminalUI

/// How the screen is drawn, and what the terminal can do.
public struct DisplayOptions: Hashable, Sendable {
  public var glyphs: Glyphs
  public var isMonochrome: Bool
  public var theme: String
  /// Names of the themes that can be chosen.
  public var themes: [String]
  public var capturesMouse: Bool

  public init(
    glyphs: Glyphs = .braille, isMonochrome: Bool = false, theme: String = "neutral",
    themes: [String] = [], capturesMouse: Bool = true
  ) {
    self.glyphs = glyphs
    self.isMonochrome = isMonochrome
    self.theme = theme
    self.themes = themes
    self.capturesMouse = capturesMouse
  }
}

/// A sentence in the status line that answers a key.
public struct Message: Hashable, Sendable {
  public var text: String
  public var isWarning: Bool
  /// Clock when it was said; it goes after `lifetime` seconds.
  public var time: Double

  static let lifetime = 6.0
}

/// What the mouse holds while its button is down.
public struct Drag: Hashable, Sendable {
  public enum Kind: Hashable, Sendable { case ratioBar, histogram }

  public var kind: Kind
  /// The track or plot, in cells of the screen.
  public var rect: Rect
}

/// Everything the screen depends on. Changed by `reduce`, drawn by `Renderer`.
public struct ViewState: Sendable {
  /// Smaller terminals get a page that names this size.
  public static let minimumSize = Size(width: 80, height: 24)

  public var size: Size
  public var display: DisplayOptions
  public var engine = EnginePicture()
  public var screen: ScreenID = .corpus
  /// The screen changes with the running stage until a person goes somewhere.
  public var followsWork = true
  /// Where Esc goes back to from the Document screen.
  public var returnScreen: ScreenID = .corpus
  public var overlay: Overlay?
  public var prompt: Prompt?
  public var message: Message?
  public var focus: [ScreenID: Pane] = [:]
  public var lists: [Pane: ListState] = [:]
  public var corpus = CorpusOptions()
  public var histogram = HistogramOptions()
  public var select = SelectOptions()
  public var document = DocumentOptions()
  public var train = TrainOptions()
  public var compare = CompareOptions()
  public var drag: Drag?
  /// Seconds since the start.
  public var clock = 0.0
  /// The button of the Commit screen that Enter presses.
  public var commitButton = 0
  /// Training starts by itself as soon as the commit has been written.
  public var trainsAfterCommit = false
  /// Set when the engine has been asked to end: the exit code to leave with.
  public var leavingWith: Int32?

  public init(size: Size, display: DisplayOptions = DisplayOptions()) {
    self.size = size
    self.display = display
  }

  /// The pane that has the keys.
  public var focusedPane: Pane { focus[screen] ?? screen.panes[0] }

  public func list(_ pane: Pane) -> ListState { lists[pane] ?? ListState() }

  public var isTooSmall: Bool {
    size.width < Self.minimumSize.width || size.height < Self.minimumSize.height
  }

  /// Room of the screens between header and the two bottom lines.
  public var bodySize: Size { Size(width: size.width, height: size.height - 3) }

  /// Panes side by side rather than one above the other.
  public var isWide: Bool { size.width >= 100 && size.height >= 30 }

  /// The ratio as the person asked for it, else as the engine has it.
  public var ratio: Double? {
    select.requestedRatio ?? engine.selection?.ratio ?? engine.scoring?.ratio
  }

  /// The threshold that belongs to `ratio`, read off the histogram until the engine answers.
  public var threshold: Double? {
    if let requested = select.requestedRatio {
      return engine.selection?.histogram.threshold(keeping: requested)
        ?? engine.scoring?.histogram.threshold(keeping: requested)
    }
    return engine.selection?.threshold ?? engine.scoring?.threshold
  }
}
