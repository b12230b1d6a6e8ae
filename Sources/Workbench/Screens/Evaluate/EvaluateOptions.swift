public import EngineInterface
import TerminalUI

/// What the Evaluate screen remembers: how its table is drawn and which items are read.
public struct EvaluateOptions: ScreenSettings, Equatable {
  public var reading: TaskReading = .published
  /// The selected column; the selected row is the list's.
  public var column = 0
  /// Models down and tasks across, or the other way; nil = as it fits.
  public var isTurned: Bool?
  /// Size of the students whose published figures are shown; nil = none.
  public var publishedSize: String?
  /// How the table stood when it was drawn last, so that the selected cell stays when it turns.
  var stoodTurned = false
  /// The items that the list is about; where its rows begin is the list's affair.
  public var items: TaskItemQuery?
  /// The query that was sent last.
  var sent: TaskItemQuery?

  public init() {}
}

extension ViewState {
  public var evaluate: EvaluateOptions {
    get { settings[EvaluateOptions.self] }
    set { settings[EvaluateOptions.self] = newValue }
  }
}

extension TaskReading {
  /// For titles.
  var title: String {
    switch self {
    case .published: "acc_norm, else acc"
    case .acc: "acc"
    case .accNorm: "acc_norm"
    }
  }
}

extension TaskOutcome {
  /// A sign for lists: never colour alone.
  var mark: StyledText {
    switch self {
    case .win: StyledText("+", .ok, .bold)
    case .loss: StyledText("-", .warn, .bold)
    case .bothWrong: StyledText("x", .dim)
    case .bothRight: StyledText("=", .dim)
    }
  }

  /// For two models, or for one alone.
  func title(ofPair isPair: Bool) -> String {
    switch self {
    case .win: "B right, A wrong"
    case .loss: "A right, B wrong"
    case .bothWrong: isPair ? "both wrong" : "wrong"
    case .bothRight: isPair ? "both right" : "right"
    }
  }
}
