import CLocalSocket
import Glibc
import Synchronization

/// A screen's end of a socket: one thread waits for what comes, any thread gives what is to go.
final class LinkLine: Sendable {
  private struct State {
    var out: [UInt8] = []
    var isClosing = false
    var isOver = false
  }

  private let descriptor: Int32
  private let bell = cs_bell()
  private let state = Mutex(State())

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    Glibc.close(descriptor)
    Glibc.close(bell)
  }

  /// Says who is here and waits for the welcome; what follows it is in the reader.
  func greet(_ greeting: LinkGreeting, folder: String) throws(LinkError) -> FrameReader {
    guard let bytes = try? LinkProtocol.bytes(.hello(greeting)) else {
      throw .garbage(found: "a greeting that cannot be coded")
    }
    put(bytes)
    var reader = FrameReader(limit: LinkProtocol.eventLimit)
    let end = LinkClock.seconds() + Double(LinkProtocol.patience)
    while true {
      if let payload = try reader.next() {
        switch try LinkProtocol.read(EngineMessage.self, payload) {
        case .welcome: return reader
        case .refused(let reason): throw .refused(reason)
        case .event, .caughtUp: throw .garbage(found: "an event before the welcome")
        }
      }
      let left = end - LinkClock.seconds()
      guard left > 0 else { throw .silent(seconds: LinkProtocol.patience) }
      // An engine that has just ended takes nobody in any more.
      guard let more = receive(seconds: left) else { throw .notThere(folder: folder) }
      reader.add(more)
    }
  }

  func put(_ bytes: [UInt8]) {
    state.withLock { state in
      if !state.isOver { state.out += bytes }
    }
    cs_ring(bell)
  }

  /// Lets what was given go out, then ends the connection.
  func close() {
    state.withLock { $0.isClosing = true }
    cs_ring(bell)
  }

  /// Ends the connection; whether this side had wanted that.
  func hang() -> Bool {
    shutdown(descriptor, Int32(SHUT_RDWR))
    return state.withLock { state in
      state.isOver = true
      state.out = []
      return state.isClosing
    }
  }

  /// Sends what there is to send until something comes; nil when the connection is over, empty when
  /// nothing came within `seconds`.
  func receive(seconds: Double = .infinity) -> [UInt8]? {
    let end = LinkClock.seconds() + seconds
    while true {
      guard flush() else { return nil }
      let left = end - LinkClock.seconds()
      guard left > 0 else { return [] }
      let isFull = state.withLock { !$0.out.isEmpty }
      var waits = [
        pollfd(fd: bell, events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor, events: Int16(POLLIN | (isFull ? POLLOUT : 0)), revents: 0),
      ]
      if poll(&waits, 2, Int32(min(60_000, (left * 1000).rounded(.up)))) < 0, errno != EINTR {
        return nil
      }
      if waits[0].revents != 0 { cs_heard(bell) }
      guard waits[1].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 1 << 18)
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 { return Array(buffer[..<count]) }
      if count < 0, [EINTR, EAGAIN].contains(errno) { continue }
      return nil
    }
  }

  /// Sends what the socket takes; false where the connection is over or was closed.
  private func flush() -> Bool {
    state.withLock { state in
      while !state.out.isEmpty {
        let count = state.out.withUnsafeBytes {
          Glibc.send(
            descriptor, $0.baseAddress, $0.count,
            Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        if count < 0 {
          if errno == EINTR { continue }
          // What cannot be read any more can still be read: a refusal may wait there.
          if errno == EPIPE || errno == ECONNRESET { state.out = [] }
          break
        }
        state.out.removeFirst(count)
      }
      return !(state.isClosing && state.out.isEmpty)
    }
  }
}
