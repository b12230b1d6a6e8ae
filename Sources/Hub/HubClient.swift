import CCurl
import Foundation
import Glibc
import Store

/// How requests are made and given up.
public struct HubPatience: Sendable {
  /// Failures in a row, without anything gained between them, after which the work fails.
  public var attempts = 6
  /// Seconds before the first further attempt; each next one waits twice as long.
  public var firstPause = 0.5
  /// Seconds that a server may ask to wait for.
  public var longestWait = 300.0
  public var connectSeconds = 15
  /// Instead of what the environment says.
  public var stallSeconds: Int?

  public init() {}
}

/// The hub's server: requests with a token, redirects, and further attempts where one may help.
///
/// For one thread.
public final class HubClient {
  public let environment: HubEnvironment
  private let patience: HubPatience
  private let connection: HTTPConnection
  private let origin: String
  /// Asked often; no ends the work.
  private let goesOn: () -> Bool
  /// Told why nothing happens for some seconds.
  private let onWait: (_ reason: String, _ seconds: Double) -> Void

  private static let mostRedirects = 10

  /// A failure that the next attempt may not have.
  private struct Passing: Error {
    var error: HubError
    /// Seconds that the server asks to wait for.
    var pause: Double?
  }

  /// What an exchange gave: the last answer, the first one, which knows the file, and where it led.
  struct Answer {
    var response: HTTPResponse
    var first: HTTPResponse
    /// The hub's own server has answered last.
    var isOwn: Bool
    var host: String
  }

  public init(
    _ environment: HubEnvironment, patience: HubPatience = HubPatience(),
    goesOn: @escaping () -> Bool = { true },
    onWait: @escaping (_ reason: String, _ seconds: Double) -> Void = { _, _ in }
  ) throws(HubError) {
    if environment.isOffline { throw .offline }
    guard let connection = HTTPConnection() else {
      throw .store(.system(operation: "start", path: "libcurl", reason: "no memory"))
    }
    self.environment = environment
    self.patience = patience
    self.connection = connection
    self.goesOn = goesOn
    self.onWait = onWait
    origin = Address.origin(of: environment.endpoint) ?? ""
  }

  var hasToken: Bool { environment.token != nil }

  // MARK: - Attempts

  /// Calls `attempt` until it succeeds, its failure is one that stays, or nothing was gained for some
  /// attempts.
  ///
  /// - Parameter gained: grows with what attempts have brought.
  func persistently<Result>(
    gained: () -> Int = { 0 }, _ attempt: () throws -> Result
  ) throws(HubError) -> Result {
    var (failures, most) = (0, gained())
    while true {
      do {
        return try attempt()
      } catch let passing as Passing {
        let now = gained()
        if now > most { (failures, most) = (0, now) }
        failures += 1
        if failures >= patience.attempts { throw passing.error }
        let usual = patience.firstPause * Double(1 << (failures - 1))
        if let asked = passing.pause, asked > patience.longestWait { throw passing.error }
        try wait(max(passing.pause ?? 0, usual), passing.error.message)
      } catch let error as HubError {
        throw error
      } catch let error as StoreError {
        throw .store(error)
      } catch {
        throw .network(host: environment.endpoint, words: "\(error)", advice: "")
      }
    }
  }

  private func wait(_ seconds: Double, _ reason: String) throws(HubError) {
    let end = ContinuousClock.now + .seconds(seconds)
    onWait(reason, seconds)
    while ContinuousClock.now < end {
      if !goesOn() { throw .stopped }
      let left = (end - ContinuousClock.now) / .seconds(1)
      usleep(UInt32(max(0, min(0.1, left)) * 1e6))
    }
  }

  // MARK: - Exchanges

  /// Makes one request and follows where it leads; the token goes to the hub's own server only.
  ///
  /// - Throws: `HubError` for what stays, an error of its own for what may pass (see `persistently`),
  ///   and what `receive` throws.
  func exchange(
    _ url: String, headers: [String] = [], isHead: Bool = false,
    receive: @escaping (HTTPResponse, UnsafeRawBufferPointer) throws -> Void = { _, _ in }
  ) throws -> Answer {
    var (address, first): (String, HTTPResponse?) = (url, nil)
    for _ in 0...Self.mostRedirects {
      if !goesOn() { throw HubError.stopped }
      guard let place = Address.origin(of: address) else {
        throw HubError.redirect(found: "\"\(address)\" is no address")
      }
      let isOwn = place == origin
      let response = try single(address, headers: headers, isOwn, isHead: isHead, receive: receive)
      guard [301, 302, 303, 307, 308].contains(response.status) else {
        return Answer(
          response: response, first: first ?? response, isOwn: isOwn, host: Self.host(place))
      }
      if first == nil || isOwn { first = response }
      address = try target(of: response, from: address)
    }
    throw HubError.redirect(found: "more than \(Self.mostRedirects) times in a row")
  }

  private func target(of response: HTTPResponse, from address: String) throws -> String {
    guard let location = response.headers["location"], !location.isEmpty else {
      throw HubError.redirect(found: "\(response.status) without an address")
    }
    guard let next = Address.resolve(location, from: address) else {
      throw HubError.redirect(found: "to \"\(location.prefix(200))\", which is no web address")
    }
    // What was asked for in secret must not come over an open line.
    if address.hasPrefix("https://"), !next.hasPrefix("https://") {
      throw HubError.redirect(found: "from https to \(next.prefix(200)), which anybody can read")
    }
    return next
  }

  private func single(
    _ address: String, headers: [String], _ isOwn: Bool, isHead: Bool,
    receive: @escaping (HTTPResponse, UnsafeRawBufferPointer) throws -> Void
  ) throws -> HTTPResponse {
    var lines = ["User-Agent: miniplm", "Accept-Encoding: identity", "Expect:"] + headers
    if isOwn, let token = environment.token { lines.append("Authorization: Bearer \(token)") }
    do {
      return try connection.exchange(
        HTTPConnection.Request(
          url: address, headers: lines, isHead: isHead, certificates: environment.certificates,
          connectSeconds: patience.connectSeconds,
          stallSeconds: patience.stallSeconds ?? environment.stallSeconds),
        receive: receive, goesOn: goesOn)
    } catch {
      throw trouble(error, address)
    }
  }

  private func trouble(_ failure: HTTPConnection.Failure, _ address: String) -> any Error {
    if let thrown = failure.thrown { return thrown }
    let host = Self.host(Address.origin(of: address) ?? address)
    func network(_ advice: String) -> HubError {
      .network(host: host, words: failure.words, advice: advice)
    }
    let again = "Check the connection and run the same command again; what has come is kept."
    switch failure.kind {
    case CC_ENDED: return HubError.stopped
    case CC_RESOLVE:
      return Passing(
        error: network("Check the network, the name of the host, and HF_ENDPOINT."), pause: nil)
    case CC_TLS:
      return network(
        "Its certificate is not trusted here: install ca-certificates, set the clock, or name the "
          + "certificates of your network in SSL_CERT_FILE.")
    case CC_CONNECT, CC_TIMEOUT, CC_CUT: return Passing(error: network(again), pause: nil)
    default: return network(again)
    }
  }

  private static func host(_ origin: String) -> String {
    let host = origin.split(separator: "/").last.map(String.init) ?? origin
    for port in [":443", ":80"] where host.hasSuffix(port) {
      return String(host.dropLast(port.count))
    }
    return host
  }

  // MARK: - Refusals

  /// What an answer without content means for anything that is asked of a model.
  ///
  /// - Parameter missing: what it is if the hub has no such thing.
  func refusal(_ answer: Answer, of name: RepositoryName, missing: HubError) -> any Error {
    let response = answer.response
    let words = Self.words(response)
    let plain = HubError.answer(host: answer.host, status: response.status, words: words)
    switch response.status {
    case 429:
      let asked = Self.retryAfter(response)
      return Passing(
        error: asked.map { .busy(host: answer.host, seconds: $0) } ?? plain, pause: asked)
    case 408, 500...599: return Passing(error: plain, pause: Self.retryAfter(response))
    // An address with an end, of a store of files: the hub gives a new one.
    case 400...499 where !answer.isOwn: return Passing(error: plain, pause: nil)
    case 401, 403:
      let code = response.headers["x-error-code"]
      if code == "RepoNotFound" { return noRepository(name) }
      return HubError.denied(
        name: "\(name)", endpoint: environment.endpoint, hasToken: hasToken, words: words)
    case 404:
      switch response.headers["x-error-code"] {
      case "RepoNotFound": return noRepository(name)
      default: return missing
      }
    default: return plain
    }
  }

  func noRepository(_ name: RepositoryName) -> HubError {
    .noRepository(name: "\(name)", endpoint: environment.endpoint, hasToken: hasToken)
  }

  /// An answer that is not what was asked for, which the next one may be.
  func passing(_ error: HubError) -> any Error { Passing(error: error, pause: nil) }

  /// The server's own words, or those that stand for its number.
  private static func words(_ response: HTTPResponse) -> String {
    if let text = response.headers["x-error-message"], !text.isEmpty { return plain(text) }
    if let document = try? JSONDocument(parsing: response.errorBody),
      case .object(let members) = JSONValue(document.root, of: document),
      case .text(let text)? = members["error"], !text.isEmpty
    {
      return plain(text)
    }
    return switch response.status {
    case 401: "a token is needed"
    case 403: "access is refused"
    case 404: "there is no such thing"
    case 429: "too many requests"
    case 500...599: "it cannot serve just now"
    default: "no content"
    }
  }

  private static func plain(_ text: String) -> String {
    let line = text.map { $0.isNewline ? " " : String($0) }.joined().prefix(200)
    return line.hasSuffix(".") ? String(line.dropLast()) : String(line)
  }

  /// Seconds that an answer asks to wait for: a number or a date.
  package static func retryAfter(_ response: HTTPResponse) -> Double? {
    guard let text = response.headers["retry-after"] else { return nil }
    if let seconds = Double(text) { return seconds.isFinite ? max(0, seconds) : nil }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return formatter.date(from: text).map { max(0, $0.timeIntervalSinceNow) }
  }
}
