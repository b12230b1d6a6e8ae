import EngineInterface
public import TerminalUI

/// How the screen is drawn, and what the terminal can do.
public struct DisplayOptions: Hashable, Sendable {
  public var glyphs: Glyphs
  public var isMonochrome: Bool
  /// The terminal has too few colours to tell curves apart by them.
  public var hasFewColours: Bool
  public var theme: String
  /// Names of the themes that can be chosen.
  public var themes: [String]
  public var capturesMouse: Bool

  public init(
    glyphs: Glyphs = .braille, isMonochrome: Bool = false, hasFewColours: Bool = false,
    theme: String = "neutral", themes: [String] = [], capturesMouse: Bool = true
  ) {
    self.glyphs = glyphs
    self.isMonochrome = isMonochrome
    self.hasFewColours = hasFewColours
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
  /// It says what was asked of the engine, and goes as soon as the engine says what came of it.
  public var isAnnouncement = false

  static let lifetime = 6.0
  /// Seconds that a notice of the engine stands in the status line: later it would be about something
  /// that is no longer so. The log keeps it.
  static func lifetime(of level: Notice.Level) -> Double { level == .info ? 20 : 60 }
}

/// What the mouse holds while its button is down.
public struct Drag: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case ratioBar, histogram
    /// A plot, with what it showed and the column of the press.
    case plot(PlotID, start: PlotScale, column: Int, clicks: Int)
    /// A range of a histogram, and the values of curves, by the right button.
    case brush(PlotID)
    case readout(PlotID)
    /// A border between panes, by its name.
    case splitter(String)
  }

  public var kind: Kind
  /// The track or plot, in cells of the screen.
  public var rect: Rect
}

/// Everything the screen depends on. Changed by `reduce`, drawn by `Renderer`.
public struct ViewState: Sendable {
  /// Smaller terminals get a page that names this size.
  public static let minimumSize = Size(width: 40, height: 10)
  /// Smaller terminals show one pane at a time, the focused one.
  public static let paneSize = Size(width: 80, height: 24)

  public var size: Size
  public var display: DisplayOptions
  /// Keys and words of all actions.
  public var table: ActionTable
  public var engine = EnginePicture()
  public var screen: ScreenID = .corpus
  /// The screen changes with the running stage until a person goes somewhere.
  public var followsWork = true
  public var overlay: Overlay?
  public var prompt: Prompt?
  public var message: Message?
  public var focus: [ScreenID: Pane] = [:]
  public var lists: [Pane: ListState] = [:]
  /// What each screen remembers of itself.
  var settings = SettingsStore()
  public var drag: Drag?
  /// Seconds since the start.
  public var clock = 0.0
  /// Clock when the newest notice came, and whether it still stands in the status line.
  var noticeTime = 0.0
  var showsNotice = false
  /// Set when the engine has been asked to end: the exit code to leave with.
  public var leavingWith: Int32?
  /// When the first Ctrl-C came as a signal.
  var interruptedAt: Double?

  public init(
    size: Size, display: DisplayOptions = DisplayOptions(), table: ActionTable = .standard
  ) {
    self.size = size
    self.display = display
    self.table = table
  }

  /// The pane that has the keys.
  public var focusedPane: Pane { focus[screen] ?? screen.panes[0] }

  public func list(_ pane: Pane) -> ListState { lists[pane] ?? ListState() }

  public var isTooSmall: Bool {
    size.width < Self.minimumSize.width || size.height < Self.minimumSize.height
  }

  /// Whether the focused pane has the whole body, because several would show nothing of use.
  public var showsOnePane: Bool {
    size.width < Self.paneSize.width || size.height < Self.paneSize.height
  }

  /// Room of the screens between header and the two bottom lines.
  public var bodySize: Size { Size(width: size.width, height: size.height - 3) }

  /// Panes side by side rather than one above the other.
  public var isWide: Bool { size.width >= 100 && size.height >= 30 }
}
