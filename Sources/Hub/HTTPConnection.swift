import CCurl
import Glibc

/// The head of an answer.
package struct HTTPResponse: Sendable {
  var status = 0
  /// By lower-case name; of equal names the last one.
  var headers: [String: String] = [:]
  /// The start of a body that is none of the content.
  var errorBody: [UInt8] = []

  package init(status: Int = 0, headers: [String: String] = [:]) {
    self.status = status
    self.headers = headers
  }

  /// Whether the body is what was asked for.
  var hasContent: Bool { status == 200 || status == 206 }
}

/// Exchanges with servers, one after the other; connections stay open between them.
final class HTTPConnection {
  struct Request {
    var url: String
    var headers: [String]
    var isHead = false
    var certificates: String?
    var connectSeconds: Int
    var stallSeconds: Int
  }

  /// Why there is no whole answer.
  struct Failure: Error {
    var kind: cc_failure
    var words: String
    /// What came before it.
    var response: HTTPResponse
    /// What a callback threw.
    var thrown: (any Error)?
  }

  private let client: OpaquePointer

  /// Nil without memory.
  init?() {
    guard let client = cc_client_make() else { return nil }
    self.client = client
  }

  deinit { cc_client_free(client) }

  /// Makes one exchange; redirects are not followed.
  ///
  /// - Parameters:
  ///   - receive: gets the pieces of a body with content, with the head of the answer.
  ///   - goesOn: asked about once a second and with every piece.
  func exchange(
    _ request: Request, receive: @escaping (HTTPResponse, UnsafeRawBufferPointer) throws -> Void,
    goesOn: @escaping () -> Bool
  ) throws(Failure) -> HTTPResponse {
    let running = Running(receive: receive, goesOn: goesOn)
    var reason = [CChar](repeating: 0, count: 512)
    let kind = Self.withStrings(request.headers) { lines in
      request.url.withCString { url in
        Self.withOptional(request.certificates) { certificates in
          var call = cc_request()
          call.url = url
          call.headers = lines
          call.is_head = request.isHead
          call.certificates = certificates
          call.connect_seconds = request.connectSeconds
          call.stall_seconds = request.stallSeconds
          call.context = Unmanaged.passUnretained(running).toOpaque()
          call.on_header = {
            Running.at($2)?.takeHeader(UnsafeRawBufferPointer(start: $0, count: $1)) ?? 0
          }
          call.on_body = {
            Running.at($2)?.takeBody(UnsafeRawBufferPointer(start: $0, count: $1)) ?? 0
          }
          call.goes_on = { Running.at($0)?.goesOn() ?? false }
          return withExtendedLifetime(running) {
            cc_exchange(client, &call, &reason, reason.count)
          }
        }
      }
    }
    if kind == CC_NONE, running.thrown == nil { return running.response }
    let words = String(
      decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    throw Failure(kind: kind, words: words, response: running.response, thrown: running.thrown)
  }

  private static func withStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: strings.count + 1)
    copies.initialize(repeating: nil, count: strings.count + 1)
    for (index, text) in strings.enumerated() { copies[index] = UnsafePointer(strdup(text)) }
    defer {
      for index in strings.indices { free(UnsafeMutablePointer(mutating: copies[index])) }
      copies.deallocate()
    }
    return body(copies)
  }

  private static func withOptional<Result>(
    _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
  ) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
  }
}

/// One exchange as the callbacks see it.
private final class Running {
  var response = HTTPResponse()
  var thrown: (any Error)?
  let goesOn: () -> Bool
  private let receive: (HTTPResponse, UnsafeRawBufferPointer) throws -> Void
  /// A page that explains an error; more of it helps nobody.
  private static let longestError = 1 << 16

  init(
    receive: @escaping (HTTPResponse, UnsafeRawBufferPointer) throws -> Void,
    goesOn: @escaping () -> Bool
  ) {
    self.receive = receive
    self.goesOn = goesOn
  }

  static func at(_ context: UnsafeMutableRawPointer?) -> Running? {
    context.map { Unmanaged<Running>.fromOpaque($0).takeUnretainedValue() }
  }

  func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    let line = String(decoding: bytes, as: UTF8.self).trimmed
    if line.hasPrefix("HTTP/") {
      // Another head follows one that only says "go on".
      response = HTTPResponse()
      response.status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    } else if let colon = line.firstIndex(of: ":") {
      response.headers[line[..<colon].lowercased()] =
        String(line[line.index(after: colon)...]).trimmed
    }
    return bytes.count
  }

  func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard response.hasContent else {
      response.errorBody += bytes.prefix(Self.longestError - response.errorBody.count)
      return bytes.count
    }
    do {
      try receive(response, bytes)
      return bytes.count
    } catch {
      thrown = error
      return 0
    }
  }
}

extension String {
  /// Without spaces and line ends around it.
  fileprivate var trimmed: String {
    let isSpace = { (character: Character) in character.isWhitespace }
    let tail = drop(while: isSpace)
    return String(tail.reversed().drop(while: isSpace).reversed())
  }
}
