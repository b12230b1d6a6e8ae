public import Foundation
import Glibc
import Synchronization

/// An HTTP/1.1 server on this machine that does as a test says: one thread, one request a connection.
public final class HubServer: Sendable {
  /// A request as it came.
  public struct Request: Sendable {
    public var method: String
    /// Path and query.
    public var path: String
    /// By lower-case name.
    public var headers: [String: String]
    /// The number of the request, from 0.
    public var number: Int
  }

  /// What is sent back, true or not.
  public struct Reply: Sendable {
    public var status = 200
    public var headers: [String: String] = [:]
    public var body = Data()
    /// Content-Length, where it is not that of the body.
    public var claimedLength: Int?
    /// Bytes of the body after which the connection ends; nil: all are sent.
    public var cutAfter: Int?
    /// Bytes of the body after which nothing comes any more, for so many seconds.
    public var stallAfter: Int?
    public var stallSeconds = 3.0
    /// Microseconds between pieces of 4,096 bytes.
    public var pieceMicroseconds: UInt32 = 0

    public init(
      _ status: Int = 200, _ headers: [String: String] = [:], body: Data = Data()
    ) {
      self.status = status
      self.headers = headers
      self.body = body
    }
  }

  public let port: Int
  public var address: String { "http://127.0.0.1:\(port)" }

  private let listener: Int32
  private let requests = Mutex<[Request]>([])
  private let isEnding = Atomic(false)

  /// Listens on a free port; `answer` is called on the server's thread.
  public init(_ answer: @escaping @Sendable (Request) -> Reply?) throws {
    signal(SIGPIPE, SIG_IGN)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0
          && listen(listener, 16) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
    self.listener = listener
    port = Int(UInt16(bigEndian: address.sin_port))
    let thread = Thread { [self] in
      while !isEnding.load(ordering: .acquiring) {
        let connection = accept(listener, nil, nil)
        if connection < 0 { return }
        serve(connection, answer)
        close(connection)
      }
    }
    thread.start()
  }

  /// What was asked for so far.
  public var log: [Request] { requests.withLock { $0 } }

  public func stop() {
    isEnding.store(true, ordering: .releasing)
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private func serve(_ connection: Int32, _ answer: (Request) -> Reply?) {
    guard var request = Self.read(connection) else { return }
    request = requests.withLock { log in
      var numbered = request
      numbered.number = log.count
      log.append(numbered)
      return numbered
    }
    // No answer at all: the connection just ends.
    guard let reply = answer(request) else { return }
    var head = "HTTP/1.1 \(reply.status) As Told\r\nConnection: close\r\n"
    head += "Content-Length: \(reply.claimedLength ?? reply.body.count)\r\n"
    for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
    guard Self.send(Data((head + "\r\n").utf8), to: connection), request.method != "HEAD" else {
      return
    }
    var sent = 0
    let end = min(reply.cutAfter ?? .max, reply.stallAfter ?? .max, reply.body.count)
    while sent < end, !isEnding.load(ordering: .acquiring) {
      let piece = reply.body[sent..<min(end, sent + 4096)]
      guard Self.send(Data(piece), to: connection) else { return }
      sent += piece.count
      if reply.pieceMicroseconds > 0 { usleep(reply.pieceMicroseconds) }
    }
    if reply.stallAfter != nil { usleep(UInt32(reply.stallSeconds * 1e6)) }
  }

  private static func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
      let count = recv(connection, &piece, piece.count, 0)
      if count <= 0 { return nil }
      bytes += piece[..<count]
    }
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ").map(String.init)
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return Request(method: words[0], path: words[1], headers: headers, number: 0)
  }

  private static func send(_ data: Data, to connection: Int32) -> Bool {
    var offset = 0
    while offset < data.count {
      let count = data.withUnsafeBytes {
        Glibc.send(
          connection, $0.baseAddress.map { $0 + offset }, data.count - offset,
          Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      offset += count
    }
    return true
  }
}
