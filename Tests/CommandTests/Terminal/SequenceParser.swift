/// Cuts a program's output into characters and control sequences; bytes may be cut anywhere.
struct SequenceParser {
  enum Piece {
    case character(Character)
    case control(UInt8)
    /// `ESC`, what stands between, and the last byte.
    case escape(String, Character)
    case command(Command)
    /// `ESC ] ... BEL`
    case system(String)
    /// `ESC P ... ESC \`
    case device(String)
  }

  /// `ESC [`
  struct Command {
    /// "?", ">", "<", "=" or nothing.
    var prefix = ""
    var numbers: [Int] = []
    /// The last byte, with what stands between it and the numbers.
    var final = ""
  }

  private enum State {
    case ground
    case escape(String)
    case command([UInt8])
    case string(kind: UInt8, bytes: [UInt8], afterEscape: Bool)
  }

  private var state = State.ground
  private var pending: [UInt8] = []
  private var needed = 0

  mutating func take(_ byte: UInt8) -> Piece? {
    switch state {
    case .ground: return ground(byte)
    case .escape(let middle):
      switch byte {
      case 0x5B where middle.isEmpty: state = .command([])
      case 0x5D where middle.isEmpty, 0x50 where middle.isEmpty:
        state = .string(kind: byte, bytes: [], afterEscape: false)
      case 0x20...0x2F: state = .escape(middle + String(UnicodeScalar(byte)))
      default:
        state = .ground
        return .escape(middle, Character(UnicodeScalar(byte)))
      }
      return nil
    case .command(let bytes):
      if byte >= 0x40 {
        state = .ground
        return .command(Self.command(bytes, byte))
      }
      // Controls inside a sequence act at once.
      if byte < 0x20 { return .control(byte) }
      state = .command(bytes + [byte])
      return nil
    case .string(let kind, let bytes, let afterEscape):
      if byte == 0x07 || (afterEscape && byte == 0x5C) {
        state = .ground
        let text = String(decoding: bytes, as: UTF8.self)
        return kind == 0x5D ? .system(text) : .device(text)
      }
      state =
        byte == 0x1B
        ? .string(kind: kind, bytes: bytes, afterEscape: true)
        : .string(kind: kind, bytes: bytes + [byte], afterEscape: false)
      return nil
    }
  }

  private mutating func ground(_ byte: UInt8) -> Piece? {
    if byte == 0x1B {
      state = .escape("")
      return nil
    }
    if byte < 0x20 || byte == 0x7F { return .control(byte) }
    if byte < 0x80 { return .character(Character(UnicodeScalar(byte))) }
    if byte >= 0xC0 {
      pending = [byte]
      needed = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
      return nil
    }
    pending.append(byte)
    needed -= 1
    guard needed == 0 else { return nil }
    return String(decoding: pending, as: UTF8.self).first.map(Piece.character)
  }

  private static func command(_ bytes: [UInt8], _ final: UInt8) -> Command {
    var command = Command()
    var digits: [UInt8] = []
    for byte in bytes {
      switch byte {
      case 0x3C...0x3F: command.prefix.unicodeScalars.append(UnicodeScalar(byte))
      case 0x20...0x2F: command.final.unicodeScalars.append(UnicodeScalar(byte))
      default: digits.append(byte == 0x3A ? 0x3B : byte)
      }
    }
    command.final.unicodeScalars.append(UnicodeScalar(final))
    if !digits.isEmpty {
      command.numbers = digits.split(separator: 0x3B, omittingEmptySubsequences: false).map {
        Int(String(decoding: $0, as: UTF8.self)) ?? 0
      }
    }
    return command
  }
}
