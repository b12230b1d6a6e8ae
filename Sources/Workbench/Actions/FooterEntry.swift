/// Keys that share a word of the bottom line: `[ ] ratio`.
public struct FooterEntry: Hashable, Sendable {
  public let actions: [Action]
  public let label: String

  /// Without a label the word of the first action stands.
  init(_ actions: Action..., label: String? = nil) {
    self.actions = actions
    self.label = label ?? actions.first?.label ?? ""
  }
}

extension ScreenID {
  /// The keys of the bottom line, most useful first. Help and quit are always there; of the others
  /// what does not fit is left out.
  public var footer: [FooterEntry] {
    [FooterEntry(.help)] + view.footer + [FooterEntry(.palette), FooterEntry(.quit)]
  }
}
