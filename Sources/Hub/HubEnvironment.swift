import CCurl
public import Foundation
import Store

/// What the environment says about the hub: the variables of Python's huggingface_hub, so that both
/// see the same server, the same token and the same cache.
public struct HubEnvironment: Sendable {
  /// HF_ENDPOINT without a slash at its end.
  public let endpoint: String
  /// HF_TOKEN, or what the token file holds; sent to the endpoint's own host and nowhere else.
  package let token: String?
  /// HF_HUB_CACHE, or the folder `hub` of HF_HOME.
  public let cache: HubCache
  /// HF_HUB_OFFLINE: nothing may be fetched.
  public let isOffline: Bool
  /// Seconds without a byte after which a connection is given up (HF_HUB_DOWNLOAD_TIMEOUT).
  let stallSeconds: Int
  /// Certificates to trust instead of the system's (SSL_CERT_FILE, CURL_CA_BUNDLE).
  let certificates: String?

  /// - Throws: `HubError` for an endpoint that is no address and a token that no header can carry.
  public init(_ variables: [String: String] = ProcessInfo.processInfo.environment) throws(HubError)
  {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
    }
    cache = HubCache(variables)
    endpoint = try Self.endpoint(value("HF_ENDPOINT") ?? "https://huggingface.co")
    token = try Self.token(
      value("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"),
      file: value("HF_TOKEN_PATH") ?? HubCache.home(variables) + "/token",
      isLeftOut: Self.isSet(value("HF_HUB_DISABLE_IMPLICIT_TOKEN")))
    isOffline = Self.isSet(value("HF_HUB_OFFLINE"))
    stallSeconds = value("HF_HUB_DOWNLOAD_TIMEOUT").flatMap { Int($0) }.map { max(1, $0) } ?? 20
    certificates = value("SSL_CERT_FILE", "CURL_CA_BUNDLE")
  }

  private static func isSet(_ text: String?) -> Bool {
    ["1", "ON", "YES", "TRUE"].contains(text?.uppercased() ?? "")
  }

  private static func endpoint(_ text: String) throws(HubError) -> String {
    var plain = text
    while plain.hasSuffix("/") { plain.removeLast() }
    guard plain.hasPrefix("http://") || plain.hasPrefix("https://"),
      Address.origin(of: plain) != nil
    else { throw .endpoint(found: text) }
    return plain
  }

  private static func token(
    _ variable: String?, file: String, isLeftOut: Bool
  ) throws(HubError) -> String? {
    if isLeftOut { return nil }
    var (text, place) = (variable, "HF_TOKEN")
    if text == nil, let data = try? FileContents.read(file) {
      (text, place) = (String(decoding: data, as: UTF8.self), file)
    }
    guard let token = text?.trimmingCharacters(in: .whitespacesAndNewlines), !token.isEmpty else {
      return nil
    }
    // Anything else would end the header, or begin another one.
    guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .token(place: place) }
    return token
  }
}

/// Addresses of the web, as libcurl reads them.
enum Address {
  /// "https://host:443" of an address; nil for what is none.
  static func origin(of url: String) -> String? { text(cc_origin(url)) }

  /// What `reference`, in an answer of `base`, leads to; nil for anything but http and https.
  static func resolve(_ reference: String, from base: String) -> String? {
    text(cc_resolve(base, reference))
  }

  /// A name as a part of a path; slashes stay where `keepingSlashes`.
  static func escaped(_ name: String, keepingSlashes: Bool = false) -> String {
    var result = ""
    for byte in name.utf8 {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
        || (keepingSlashes && byte == 0x2F)
      if isPlain {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }

  private static func text(_ made: UnsafeMutablePointer<CChar>?) -> String? {
    guard let made else { return nil }
    defer { cc_free(made) }
    return String(cString: made)
  }
}
