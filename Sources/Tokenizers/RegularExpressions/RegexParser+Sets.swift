/// Sets: brackets, escapes and properties.
extension RegexParser {
  /// A set, and the scalar when it is one, which can begin or end a range.
  struct Element {
    let set: ScalarSet
    let scalar: UInt32?
  }

  /// What follows an opening bracket.
  mutating func bracketSet(depth: Int) throws(Unsupported) -> ScalarSet {
    guard depth < Self.depthLimit else { throw Unsupported() }
    let isNegated = take("^")
    var whole: ScalarSet?
    var part = ScalarSet.empty
    var isEmpty = true
    while let scalar = next, scalar != "]" {
      isEmpty = false
      if take("&&") {
        whole = whole?.intersection(part) ?? part
        part = .empty
      } else if take("[:") {
        part = part.union(try cased(try posixSet()))
      } else if take("[") {
        part = part.union(try bracketSet(depth: depth + 1))
      } else {
        part = part.union(try range())
      }
    }
    guard take("]"), !isEmpty else { throw Unsupported() }
    let set = whole?.intersection(part) ?? part
    return isNegated ? set.inverted : set
  }

  /// One character, a class, or a range of characters.
  private mutating func range() throws(Unsupported) -> ScalarSet {
    let first = try bracketElement()
    guard let low = first.scalar, next == "-", offset + 1 < scalars.count,
      scalars[offset + 1] != "]"
    else { return first.set }
    offset += 1
    guard next != "[", let high = try bracketElement().scalar, low <= high else {
      throw Unsupported()
    }
    return try cased(ScalarSet([low...high]))
  }

  private mutating func bracketElement() throws(Unsupported) -> Element {
    guard let scalar = next else { throw Unsupported() }
    if take("\\b") { return Element(set: ScalarSet(0x08), scalar: 0x08) }
    offset += 1
    if scalar == "\\" { return try escape(inBrackets: true) }
    return Element(set: try cased(ScalarSet(scalar.value)), scalar: scalar.value)
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
      throw Unsupported()
    }
    // Here two names mean something else than as properties.
    if name == "word" { set = properties.bracketWord }
    if name == "punct", let symbols = properties.set(named: "S") { set = set.union(symbols) }
    return isNegated ? set.inverted : set
  }

  /// What follows a backslash.
  mutating func escape(inBrackets: Bool) throws(Unsupported) -> Element {
    guard let scalar = next else { throw Unsupported() }
    offset += 1
    let properties = ScalarProperties.shared
    let word = inBrackets ? properties.bracketWord : properties.word
    switch scalar {
    case "s": return try folded(properties.space)
    case "S": return try folded(properties.space.inverted)
    case "d": return try folded(properties.digit)
    case "D": return try folded(properties.digit.inverted)
    case "w": return try folded(word)
    case "W": return try folded(word.inverted)
    case "h": return try folded(ScalarProperties.hexadecimalDigit)
    case "H": return try folded(ScalarProperties.hexadecimalDigit.inverted)
    case "n": return try single(0x0A)
    case "r": return try single(0x0D)
    case "t": return try single(0x09)
    case "f": return try single(0x0C)
    case "v": return try single(0x0B)
    case "a": return try single(0x07)
    case "e": return try single(0x1B)
    case "p", "P": return try folded(try property(isNegated: scalar == "P"))
    case "u": return try single(try hexadecimal(digits: 4))
    case "x": return try single(try byteOrScalar())
    default:
      // Letters and digits name classes and references; only marks stand for themselves.
      guard scalar.isASCII, !scalar.properties.isAlphabetic, !(0x30...0x39).contains(scalar.value)
      else { throw Unsupported() }
      return try single(scalar.value)
    }
  }

  private func single(_ scalar: UInt32) throws(Unsupported) -> Element {
    Element(set: try cased(ScalarSet(scalar)), scalar: scalar)
  }

  private func folded(_ set: ScalarSet) throws(Unsupported) -> Element {
    Element(set: try cased(set), scalar: nil)
  }

  private mutating func hexadecimal(digits: Int) throws(Unsupported) -> UInt32 {
    guard offset + digits <= scalars.count else { throw Unsupported() }
    let text = String(String.UnicodeScalarView(scalars[offset..<offset + digits]))
    guard text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16) else {
      throw Unsupported()
    }
    offset += digits
    return value
  }

  /// `41` below U+0080, or `{1F600}`
  private mutating func byteOrScalar() throws(Unsupported) -> UInt32 {
    guard take("{") else {
      let value = try hexadecimal(digits: 2)
      // Larger ones would be parts of characters.
      guard value < 0x80 else { throw Unsupported() }
      return value
    }
    let digits = scalars[offset...].prefix { $0 != "}" }.count
    guard (1...6).contains(digits) else { throw Unsupported() }
    let value = try hexadecimal(digits: digits)
    guard take("}"), Unicode.Scalar(value) != nil else { throw Unsupported() }
    return value
  }

  private mutating func property(isNegated: Bool) throws(Unsupported) -> ScalarSet {
    guard take("{") else { throw Unsupported() }
    let inverts = take("^") != isNegated
    var name = ""
    while let scalar = next, scalar != "}" {
      name.unicodeScalars.append(scalar)
      offset += 1
    }
    guard take("}"), let set = ScalarProperties.shared.set(named: name) else { throw Unsupported() }
    return inverts ? set.inverted : set
  }
}
