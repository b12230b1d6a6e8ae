import Foundation
import Glibc

/// A socket in the hands of somebody who need not keep to the language.
final class RawPeer {
  let descriptor: Int32

  struct Failure: Error { let code: Int32 }

  /// Connects to the socket of a folder.
  init(folder: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    try Self.with(folder) { address, size in
      guard connect(descriptor, address, size) == 0 else { throw Failure(code: errno) }
    }
    setTimeout()
  }

  init(descriptor: Int32) {
    self.descriptor = descriptor
    setTimeout()
  }

  deinit { close(descriptor) }

  private func setTimeout() {
    var time = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Somebody who listens there, and is no engine.
  static func listen(folder: String) throws -> Int32 {
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    try with(folder) { address, size in
      guard bind(listener, address, size) == 0, Glibc.listen(listener, 4) == 0 else {
        throw Failure(code: errno)
      }
    }
    return listener
  }

  private static func with(
    _ folder: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
  ) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array((folder + "/.engine.sock").utf8)
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Failure(code: ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    try withUnsafePointer(to: &address) {
      try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        try body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  func write(_ bytes: [UInt8]) {
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  static func frame(_ payload: String, version: UInt8 = 2, count: UInt32? = nil) -> [UInt8] {
    let count = count ?? UInt32(payload.utf8.count)
    return Array("mpl".utf8) + [version]
      + (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * UInt32($0))) } + Array(payload.utf8)
  }

  static let greeting = frame(
    #"{"hello":{"_0":{"program":"raw","isReadOnly":false,"isPassing":false}}}"#)

  /// All that comes until the other side ends the connection, twenty seconds at most.
  func readAll() async -> [UInt8] {
    await Self.away { [descriptor] in
      var (all, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { return all }
        all += buffer[..<count]
      }
    }
  }

  func readAllText() async -> String { String(decoding: await readAll(), as: UTF8.self) }

  /// The next one who connects.
  static func accepted(_ listener: Int32) async -> RawPeer {
    RawPeer(descriptor: await away { accept(listener, nil, nil) })
  }

  /// Does what waits on a thread of its own: the pool has as many threads as the machine has cores.
  static func away<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { reply in
      Thread { reply.resume(returning: body()) }.start()
    }
  }
}
