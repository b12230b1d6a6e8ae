/// The release of lm-evaluation-harness whose behaviour is reproduced.
///
/// The prompts, targets and decisions of the nine tasks are equal in both (compared item by item,
/// docs/DECISIONS.md); what differs is how a request becomes tokens, which is the model's side.
public enum HarnessVersion: String, Sendable, Codable, CaseIterable {
  case v0_4_9 = "0.4.9"
  case v0_4_13 = "0.4.13"

  /// The release that is taken where nobody names one.
  public static let newest = HarnessVersion.v0_4_13

  /// The version that `name` states; nil for one that is not reproduced.
  public init?(name: String) {
    self.init(rawValue: name.hasPrefix("v") ? String(name.dropFirst()) : name)
  }
}
