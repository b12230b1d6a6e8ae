import Engine
import Store

/// What a process in the background is to do, given to it on standard input.
struct BackgroundOrder: Codable {
  var settings: ProjectSettings
  var autopilot: Autopilot
  var threads: Int
}

/// What it says on standard output, once: that it works, or why not.
struct BackgroundReply: Codable {
  var process: Int32?
  var failure: Failure?

  struct Failure: Error, Codable {
    var text: String
    var code: Int32
    /// Whether another process has the project.
    var isLocked = false
    /// Whether the only reason is that nobody could attach to it.
    var lacksSocket = false
  }
}
