/// What a screen remembers about how it is drawn and what it was asked.
///
/// Kept by type, so that only the screen's own files know it.
public protocol ScreenSettings: Sendable {
  init()
}

/// The settings of all screens; those never changed are as `init()` makes them.
public struct SettingsStore: Sendable {
  private var values: [ObjectIdentifier: any ScreenSettings] = [:]

  init() {}

  subscript<Settings: ScreenSettings>(_ type: Settings.Type) -> Settings {
    get { values[ObjectIdentifier(type)] as? Settings ?? Settings() }
    set { values[ObjectIdentifier(type)] = newValue }
  }
}
