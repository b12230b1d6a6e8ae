/// Keys as `ESC [ code ; modifiers u`: the kitty keyboard protocol with flag 1, where every key that a
/// terminal of old could not tell from another comes in this form.
enum KittyKeys {
  /// The events of one sequence; what the tables of keys cannot name gives none. What old terminals send
  /// as one byte stays one key, so that a key means the same wherever it is pressed.
  static func events(_ parameters: [UInt8]) -> [InputEvent] {
    let fields = parameters.split(separator: 0x3B, omittingEmptySubsequences: false).map { field in
      field.split(separator: 0x3A, omittingEmptySubsequences: false).map {
        KeySequences.numbers($0).first ?? 0
      }
    }
    guard let code = fields.first?.first, code > 0 else { return [] }
    let modifiers = max(1, fields.count > 1 ? fields[1].first ?? 1 : 1) - 1
    // 3 is the release of a key.
    let isRelease = fields.count > 1 && fields[1].count > 1 && fields[1][1] == 3
    let (shift, option, control) = (modifiers & 1 != 0, modifiers & 2 != 0, modifiers & 4 != 0)
    // Super, hyper and meta belong to the desktop.
    guard !isRelease, modifiers & 0x38 == 0,
      let key = key(code, fields[0], shift: shift, control: control)
    else { return [] }
    // Alt and a key is Esc, then the key, as everywhere else.
    return (option ? [.key(.escape)] : []) + [.key(key)]
  }

  private static func key(_ code: Int, _ codes: [Int], shift: Bool, control: Bool) -> Key? {
    if let key = named[code] { return key == .tab && shift ? .backTab : key }
    if let character = keypad[code] { return .character(character) }
    // The shifted character comes as the second code, if at all.
    let shifted = shift && codes.count > 1 && codes[1] > 0 ? codes[1] : code
    guard let scalar = Unicode.Scalar(UInt32(shifted)), shifted >= 32,
      !(0xE000...0xF8FF).contains(shifted), shifted < 0xF0000
    else { return nil }
    guard control else {
      let text = String(scalar)
      return .character(Character(shift && shifted == code ? text.uppercased() : text))
    }
    guard scalar.isASCII else { return nil }
    switch scalar {
    case " ": return .control("@")
    case "i": return .tab
    case "j", "m": return .enter
    case "h": return .backspace
    case "[": return .escape
    case "a"..."z", "@", "\\", "]", "^", "_": return .control(Character(scalar))
    case "A"..."Z": return .control(Character(String(scalar).lowercased()))
    default: return nil
    }
  }

  private static let named: [Int: Key] = [
    27: .escape, 13: .enter, 9: .tab, 127: .backspace, 57414: .enter, 57417: .left,
    57418: .right, 57419: .up, 57420: .down, 57421: .pageUp, 57422: .pageDown, 57423: .home,
    57424: .end, 57425: .insert, 57426: .delete,
  ]

  private static let keypad: [Int: Character] = {
    var table: [Int: Character] = [
      57409: ".", 57410: "/", 57411: "*", 57412: "-", 57413: "+", 57415: "=", 57416: ",",
    ]
    for digit in 0...9 { table[57399 + digit] = Character(String(digit)) }
    return table
  }()
}
