/// One change of the selection, as a project's `recipe.jsonl` keeps it. Replaying the file gives the
/// selection.
public struct SelectionChange: Codable, Sendable, Equatable {
  public var settings: SelectionSettings
  /// What a person reads, for example "ratio 0.45 -> 0.50".
  public var title: String
  /// What is pinned under a name after the change.
  public var pins: [String: SelectionSettings]

  public init(
    settings: SelectionSettings, title: String, pins: [String: SelectionSettings] = [:]
  ) {
    self.settings = settings
    self.title = title
    self.pins = pins
  }
}

/// Lines without pins say nothing of them, as those from before they were kept.
extension SelectionChange {
  private enum CodingKeys: String, CodingKey { case settings, title, pins }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      settings: try values.decode(SelectionSettings.self, forKey: .settings),
      title: try values.decode(String.self, forKey: .title),
      pins: try values.decodeIfPresent([String: SelectionSettings].self, forKey: .pins) ?? [:])
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(settings, forKey: .settings)
    try values.encode(title, forKey: .title)
    if !pins.isEmpty { try values.encode(pins, forKey: .pins) }
  }
}
