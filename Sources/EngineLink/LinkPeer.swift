import CLocalSocket
import EngineInterface
import Glibc

/// A screen on the other side of a socket, as the engine's side knows it. It is sent one piece after
/// the other, the next one only when the last has gone: what comes meanwhile is on the shelf, where
/// newer pictures replace older ones.
final class LinkPeer {
  let number: Int
  let descriptor: Int32
  var reader = FrameReader(limit: LinkProtocol.commandLimit)
  /// Nil until it has greeted.
  var greeting: LinkGreeting?
  /// When it must have greeted.
  let deadline: Double
  /// The last question of each kind, whose answers are for this screen.
  var questions: [LinkQuestion: EngineCommand] = [:]
  var answers: [LinkQuestion: EngineEvent] = [:]
  var versions: [LinkArea: Int] = [:]
  var nextNotice = 0
  /// What it was told of the link.
  var link: LinkSnapshot?
  var isCaughtUp = false
  /// Ends when everything has gone.
  var isLeaving = false
  private(set) var isGone = false

  private var out: [UInt8] = []
  private var offset = 0

  init(number: Int, descriptor: Int32, deadline: Double) {
    self.number = number
    self.descriptor = descriptor
    self.deadline = deadline
  }

  deinit { close(descriptor) }

  /// Whether all that was given has gone.
  var isIdle: Bool { offset == out.count }

  func put(_ bytes: [UInt8]) {
    if isIdle {
      out = bytes
      offset = 0
    } else {
      out += bytes
    }
  }

  func put(_ message: EngineMessage) {
    if let bytes = try? LinkProtocol.bytes(message) { put(bytes) }
  }

  /// Sends what the socket takes now.
  func flush() {
    while offset < out.count {
      let count = out.withUnsafeBytes { raw in
        send(
          descriptor, raw.baseAddress.map { $0 + offset }, raw.count - offset,
          Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno != EAGAIN, errno != EWOULDBLOCK { leave() }
        return
      }
      offset += count
    }
    (out, offset) = ([], 0)
    if isLeaving { leave() }
  }

  /// Takes what has come.
  func read() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 {
        reader.add(buffer[..<count])
        // The rest waits: one that floods is no reason to keep others waiting.
        return
      }
      if count < 0, errno == EINTR { continue }
      if count == 0 || errno != EAGAIN && errno != EWOULDBLOCK { leave() }
      return
    }
  }

  /// The connection is over.
  func leave() { isGone = true }
}
