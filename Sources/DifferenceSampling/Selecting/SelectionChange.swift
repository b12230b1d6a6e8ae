/// One change of the selection, as a project's `recipe.jsonl` keeps it. Replaying the file gives the
/// selection.
public struct SelectionChange: Codable, Sendable, Equatable {
  public var settings: SelectionSettings
  /// What a person reads, for example "ratio 0.45 -> 0.50".
  public var title: String

  public init(settings: SelectionSettings, title: String) {
    self.settings = settings
    self.title = title
  }
}
