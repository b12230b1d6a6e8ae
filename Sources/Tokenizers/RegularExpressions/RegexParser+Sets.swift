/// Sets: brackets, escapes and properties.
extension RegexParser {
  /// A set, and the scalar when it is one, which can begin or end a range.
  struct Element {
    let set: ScalarSet
    let scalar: UInt32?
  }

  /// What follows an opening bracket: the content, and whether all else is meant.
  mutating func bracketSet(depth: Int) throws(Unsupported) -> (content: ScalarSet, isNegated: Bool)
  {
    guard depth < Self.depthLimit else {
      throw Unsupported(reason: "its brackets are nested deeper than \(Self.depthLimit)")
    }
    let isNegated = take("^")
    var whole: ScalarSet?
    var part = ScalarSet.empty
    var isEmpty = true
    if next == "]", scalars[(offset + 1)...].contains("]") {
      // A closing bracket that comes first stands for itself.
      offset += 1
      (part, isEmpty) = (ScalarSet(0x5D), false)
    }
    while let scalar = next, scalar != "]" {
      isEmpty = false
      if take("&&") {
        whole = whole?.intersection(part) ?? part
        part = .empty
      } else if take("[:") {
        part = part.union(try posixSet())
      } else if take("[") {
        let inner = try bracketSet(depth: depth + 1)
        part = part.union(inner.isNegated ? inner.content.inverted : inner.content)
      } else {
        part = part.union(try range())
      }
    }
    guard take("]") else { throw Unsupported(reason: "a bracket is not closed") }
    if isEmpty { throw Unsupported(reason: "a bracket is empty") }
    return (whole?.intersection(part) ?? part, isNegated)
  }

  /// One character, a class, or a range of characters.
  private mutating func range() throws(Unsupported) -> ScalarSet {
    let first = try bracketElement()
    guard let low = first.scalar, next == "-", offset + 1 < scalars.count,
      scalars[offset + 1] != "]", scalars[offset + 1] != "["
    else { return first.set }
    offset += 1
    guard let high = try bracketElement().scalar, low <= high else {
      throw Unsupported(reason: "a range in brackets has a wrong end")
    }
    return ScalarSet([low...high])
  }

  private mutating func bracketElement() throws(Unsupported) -> Element {
    guard let scalar = next else { throw Unsupported(reason: "a bracket is not closed") }
    if take("\\b") { return Element(set: ScalarSet(0x08), scalar: 0x08) }
    offset += 1
    if scalar == "\\" { return try escape(inBrackets: true) }
    return Element(set: ScalarSet(scalar.value), scalar: scalar.value)
  }

  /// `alpha:]` or `^alpha:]`, behind `[:`
  private mutating func posixSet() throws(Unsupported) -> ScalarSet {
    let isNegated = take("^")
    let names: Set<String> = [
      "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
      "space", "upper", "word", "xdigit",
    ]
    var name = ""
    while let scalar = next, scalar != ":" {
      name.unicodeScalars.append(scalar)
      offset += 1
    }
    let properties = ScalarProperties.shared
    guard take(":]"), names.contains(name), var set = properties.set(named: name) else {
      throw Unsupported(reason: "it names the unknown class [:\(name):]")
    }
    // Here two names mean something else than as properties.
    if name == "word" { set = properties.bracketWord }
    if name == "punct", let symbols = properties.set(named: "S") { set = set.union(symbols) }
    return isNegated ? set.inverted : set
  }

  /// What follows a backslash.
  mutating func escape(inBrackets: Bool) throws(Unsupported) -> Element {
    guard let scalar = next else { throw Unsupported(reason: "it ends with a backslash") }
    offset += 1
    let properties = ScalarProperties.shared
    let word = inBrackets ? properties.bracketWord : properties.word
    switch scalar {
    case "s": return Element(set: properties.space, scalar: nil)
    case "S": return Element(set: properties.space.inverted, scalar: nil)
    case "d": return Element(set: properties.digit, scalar: nil)
    case "D": return Element(set: properties.digit.inverted, scalar: nil)
    case "w": return Element(set: word, scalar: nil)
    case "W": return Element(set: word.inverted, scalar: nil)
    case "h": return Element(set: ScalarProperties.hexadecimalDigit, scalar: nil)
    case "H": return Element(set: ScalarProperties.hexadecimalDigit.inverted, scalar: nil)
    case "N" where !inBrackets: return Element(set: ScalarSet(0x0A).inverted, scalar: nil)
    case "O" where !inBrackets: return Element(set: .everything, scalar: nil)
    case "n": return single(0x0A)
    case "r": return single(0x0D)
    case "t": return single(0x09)
    case "f": return single(0x0C)
    case "v": return single(0x0B)
    case "a": return single(0x07)
    case "e": return single(0x1B)
    case "0": return single(octal())
    case "p", "P": return Element(set: try property(isNegated: scalar == "P"), scalar: nil)
    case "u": return single(try hexadecimal(digits: 4))
    case "x": return single(try byteOrScalar())
    case "1"..."9", "k", "g":
      throw Unsupported(reason: "it refers back to a group, \\\(scalar)")
    default:
      guard !scalar.isASCII || !scalar.properties.isAlphabetic else {
        throw Unsupported(reason: "it has the escape \\\(scalar)")
      }
      return single(scalar.value)
    }
  }

  private func single(_ scalar: UInt32) -> Element {
    Element(set: ScalarSet(scalar), scalar: scalar)
  }

  /// At most two more octal digits behind the zero.
  private mutating func octal() -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<2 {
      guard let digit = next, digit.value >= 0x30, digit.value <= 0x37 else { break }
      value = value * 8 + digit.value - 0x30
      offset += 1
    }
    return value
  }

  private mutating func hexadecimal(digits: Int) throws(Unsupported) -> UInt32 {
    let unfit = Unsupported(reason: "a character's number is not written with its digits")
    guard offset + digits <= scalars.count else { throw unfit }
    let text = String(String.UnicodeScalarView(scalars[offset..<offset + digits]))
    guard text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16),
      Unicode.Scalar(value) != nil
    else { throw unfit }
    offset += digits
    return value
  }

  /// `41` below U+0080, or `{1F600}`
  private mutating func byteOrScalar() throws(Unsupported) -> UInt32 {
    guard take("{") else {
      let value = try hexadecimal(digits: 2)
      // Larger ones would be parts of characters.
      guard value < 0x80 else {
        throw Unsupported(
          reason: "it spells a character byte by byte, \\x\(String(value, radix: 16))")
      }
      return value
    }
    let digits = scalars[offset...].prefix { $0 != "}" }.count
    guard (1...8).contains(digits) else {
      throw Unsupported(reason: "a character's number in braces is none")
    }
    let value = try hexadecimal(digits: digits)
    guard take("}") else { throw Unsupported(reason: "a brace is not closed") }
    return value
  }

  private mutating func property(isNegated: Bool) throws(Unsupported) -> ScalarSet {
    guard take("{") else {
      throw Unsupported(reason: "a property is named without braces")
    }
    let inverts = take("^") != isNegated
    var name = ""
    while let scalar = next, scalar != "}" {
      name.unicodeScalars.append(scalar)
      offset += 1
    }
    guard take("}"), let set = ScalarProperties.shared.set(named: name) else {
      throw Unsupported(reason: "it names the unknown property \\p{\(name)}")
    }
    return inverts ? set.inverted : set
  }
}
