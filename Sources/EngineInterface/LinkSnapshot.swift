/// What stands between a screen and an engine in another process. A screen that has its engine in its
/// own process is told of no link.
public struct LinkSnapshot: Sendable, Equatable, Codable {
  /// Whether this screen only looks: the engine refuses what it would change.
  public var isReadOnly: Bool
  /// Screens that steer, and those that only look, this one among them.
  public var controllers: Int
  public var viewers: Int
  /// Who does the work: "process 4711 (miniplm run demo)".
  public var engine: String
  /// Why nothing comes any more, and what to do; nil while the engine is there.
  public var loss: String?

  public init(
    isReadOnly: Bool, controllers: Int = 1, viewers: Int = 0, engine: String = "",
    loss: String? = nil
  ) {
    self.isReadOnly = isReadOnly
    self.controllers = controllers
    self.viewers = viewers
    self.engine = engine
    self.loss = loss
  }

  /// Why the engine is not to be asked for changes; nil where it is.
  public var obstacle: String? {
    if loss != nil { return "The engine has gone: nothing can be asked of it any more." }
    return isReadOnly ? "This screen only looks (--read-only)." : nil
  }

  /// Screens that steer beside this one.
  public var otherControllers: Int { max(0, controllers - (isReadOnly ? 0 : 1)) }
}
