public import TerminalUI

/// What a person has said about how the workbench looks and behaves; nil = nothing.
public struct Preferences: Hashable, Sendable {
  public var theme: String?
  public var colours: ColourLevel?
  public var glyphs: Glyphs?
  public var mouse: Bool?
  /// The screen to begin with.
  public var screen: ScreenID?
  /// Whether a project remembers how its screens were left.
  public var remembers: Bool?
  public var bins: Int?
  public var logarithmicCounts: Bool?
  public var smoothing: Double?
  public var logarithmicLoss: Bool?

  public init() {}
}

/// Whose word a preference is, the strongest first.
public enum PreferenceOrigin: Int, CaseIterable, Hashable, Sendable {
  case option, environment, project, configuration, usual

  public var title: String {
    switch self {
    case .option: "option"
    case .environment: "environment"
    case .project: "project"
    case .configuration: "config"
    case .usual: "default"
    }
  }
}

/// Everything that was said, by who said it.
public struct PreferenceLayers: Hashable, Sendable {
  private var layers: [PreferenceOrigin: Preferences] = [:]

  public init() {}

  public subscript(_ origin: PreferenceOrigin) -> Preferences {
    get { layers[origin] ?? Preferences() }
    set { layers[origin] = newValue }
  }

  /// Of each preference the strongest word.
  public var effective: Preferences {
    var result = Preferences()
    for preference in Preference.all { preference.copy(self[origin(of: preference)], &result) }
    return result
  }

  /// Who has the strongest word about a preference.
  public func origin(of preference: Preference) -> PreferenceOrigin {
    PreferenceOrigin.allCases.first { preference.text(of: self[$0]) != nil } ?? .usual
  }
}
