import EngineInterface
import Foundation

/// The language between a screen and an engine in another process.
enum LinkProtocol {
  /// Grows with every change that the other side would misread, those of commands and events too.
  static let version = 2
  /// Bytes of the largest message of a screen, and of an engine.
  static let commandLimit = 1 << 20
  static let eventLimit = 1 << 28
  /// Seconds in which either side has to greet.
  static let patience = 5

  static func bytes(_ message: ScreenMessage) throws -> [UInt8] {
    LinkFrame.bytes(try encoder.encode(message))
  }

  static func bytes(_ message: EngineMessage) throws -> [UInt8] {
    LinkFrame.bytes(try encoder.encode(message))
  }

  static func read<Message: Decodable>(
    _ type: Message.Type, _ payload: Data
  ) throws(LinkError) -> Message {
    do {
      return try decoder.decode(type, from: payload)
    } catch {
      let text = String(decoding: payload.prefix(80), as: UTF8.self)
      throw .garbage(found: "\(text)\(payload.count > 80 ? "..." : "")")
    }
  }

  /// Losses may be infinite or no numbers.
  private static let infinities = ("inf", "-inf", "nan")

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: infinities.0, negativeInfinity: infinities.1, nan: infinities.2)
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: infinities.0, negativeInfinity: infinities.1, nan: infinities.2)
    return decoder
  }
}

/// Who a screen is.
struct LinkGreeting: Codable, Sendable {
  /// "miniplm 0.1.0".
  var program: String
  var isReadOnly: Bool
  /// Whether it only asks something and goes, so that nobody need know of it.
  var isPassing: Bool
}

/// What a screen says.
enum ScreenMessage: Codable, Sendable {
  case hello(LinkGreeting)
  case command(EngineCommand)
}

/// What an engine says.
enum EngineMessage: Codable, Sendable {
  case welcome(program: String)
  /// The connection ends with it.
  case refused(reason: String)
  case event(EngineEvent)
  /// All that there was when the screen came has been told.
  case caughtUp
}
