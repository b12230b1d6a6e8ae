/// The normalisation forms of Unicode (UAX 15), with the tables of Hugging Face's `tokenizers`.
enum NormalForm: String, Sendable {
  /// Canonical composition.
  case c = "NFC"
  /// Canonical decomposition.
  case d = "NFD"
  /// Compatibility composition.
  case kc = "NFKC"
  /// Compatibility decomposition.
  case kd = "NFKD"

  var composes: Bool { self == .c || self == .kc }
  var isCompatible: Bool { self == .kc || self == .kd }

  /// The converter to this form; made once, since its tables are large.
  var converter: NormalFormConverter {
    switch self {
    case .c: NormalFormConverter.c
    case .d: NormalFormConverter.d
    case .kc: NormalFormConverter.kc
    case .kd: NormalFormConverter.kd
    }
  }
}

/// Compatibility decompositions in full, canonical ones among them.
enum CompatibilityTable {
  static let decompositions: [UInt32: [UInt32]] = {
    var table: [UInt32: [UInt32]] = [:]
    for row in HexadecimalTable.rows(of: CompatibilityData.runs) where row.count == 3 {
      for place in 0..<row[1] { table[row[0] + place] = [row[2] + place] }
    }
    for row in HexadecimalTable.rows(of: CompatibilityData.sequences) where row.count > 1 {
      table[row[0]] = Array(row[1...])
    }
    return table
  }()
}

/// Brings text into a normalisation form: stretches that are in it for certain are copied.
struct NormalFormConverter: Sendable {
  typealias Element = (scalar: UInt32, combiningClass: UInt8)

  fileprivate static let c = NormalFormConverter(.c)
  fileprivate static let d = NormalFormConverter(.d)
  fileprivate static let kc = NormalFormConverter(.kc)
  fileprivate static let kd = NormalFormConverter(.kd)

  let form: NormalForm
  private let composer = CanonicalComposer.shared
  private let compatible: [UInt32: [UInt32]]
  /// For scalars below ``quickLimit``: zero for those that stay as they are whatever follows, the
  /// combining class of those that may only move, `mayChange` for all others.
  private let quick: FrozenArray<UInt8>
  private static let quickLimit: UInt32 = 0x20000
  private static let mayChange = UInt8.max

  private init(_ form: NormalForm) {
    self.form = form
    compatible = form.isCompatible ? CompatibilityTable.decompositions : [:]
    var quick = [UInt8](repeating: 0, count: Int(Self.quickLimit))
    func mark(_ scalar: UInt32, _ value: UInt8) {
      if scalar < Self.quickLimit { quick[Int(scalar)] = value }
    }
    for (scalar, value) in composer.combiningClasses { mark(scalar, value) }
    let made = Set(composer.compositions.values)
    for scalar in composer.decompositions.keys where !(form.composes && made.contains(scalar)) {
      mark(scalar, Self.mayChange)
    }
    for scalar in compatible.keys { mark(scalar, Self.mayChange) }
    if form.composes {
      for key in composer.compositions.keys {
        mark(UInt32(truncatingIfNeeded: key), Self.mayChange)
      }
      for scalar in Hangul.joining { mark(scalar, Self.mayChange) }
    } else {
      for scalar in Hangul.syllables..<Hangul.end { mark(scalar, Self.mayChange) }
    }
    self.quick = FrozenArray(quick)
  }

  @inline(__always)
  private func quickValue(_ scalar: UInt32) -> UInt8 {
    if scalar < Self.quickLimit { return quick.pointer[Int(scalar)] }
    return composer.decompositions[scalar] == nil && compatible[scalar] == nil ? 0 : Self.mayChange
  }

  /// Whether a scalar stays as it is, and neither moves nor joins the one before it.
  func isInert(_ scalar: UInt32) -> Bool { quickValue(scalar) == 0 }

  func combiningClass(_ scalar: UInt32) -> UInt8 { composer.combiningClasses[scalar] ?? 0 }

  /// The decomposition of one scalar, its marks in order.
  func decomposition(_ scalar: UInt32) -> [UInt32] {
    var segment: [Element] = []
    decompose(scalar, into: &segment)
    composer.order(&segment)
    return segment.map(\.scalar)
  }

  /// Appends the form of `text`, valid UTF-8, to `output`; false, with nothing appended, when the
  /// text is in that form for certain.
  func convert(_ text: UnsafeBufferPointer<UInt8>, into output: ByteBuffer) -> Bool {
    guard let base = text.baseAddress else { return false }
    var segment: [Element] = []
    var copied = 0
    var lastStable = 0
    var lastClass: UInt8 = 0
    var changed = false
    var offset = 0
    while offset < text.count {
      let run = AsciiRun.end(base, from: offset, to: text.count)
      if run > offset {
        offset = run
        lastStable = run - 1
        lastClass = 0
        continue
      }
      let scalar = UTF8Decoding.scalar(in: base, at: offset)
      let value = quickValue(scalar.value)
      if value == 0 { lastStable = offset }
      if value != Self.mayChange, value == 0 || value >= lastClass {
        lastClass = value
        offset += scalar.width
        continue
      }
      // A stable character joins only with what follows it: everything before stays as it is.
      changed = true
      output.append(base + copied, count: lastStable - copied)
      offset = lastStable
      while offset < text.count {
        let scalar = UTF8Decoding.scalar(in: base, at: offset)
        if offset > lastStable, quickValue(scalar.value) == 0 { break }
        decompose(scalar.value, into: &segment)
        offset += scalar.width
      }
      flush(&segment, into: output)
      copied = offset
      lastStable = offset
      lastClass = 0
    }
    if changed { output.append(base + copied, count: text.count - copied) }
    return changed
  }

  private func decompose(_ scalar: UInt32, into segment: inout [Element]) {
    if let parts = compatible[scalar] {
      for part in parts { segment.append((part, combiningClass(part))) }
    } else if let parts = Hangul.parts(of: scalar) {
      for part in parts { segment.append((part, 0)) }
    } else if let parts = composer.decompositions[scalar] {
      decompose(parts.first, into: &segment)
      if let second = parts.second { decompose(second, into: &segment) }
    } else {
      segment.append((scalar, combiningClass(scalar)))
    }
  }

  /// Orders, composes if the form asks for it, and writes out a segment.
  private func flush(_ segment: inout [Element], into output: ByteBuffer) {
    if segment.count > 1 {
      composer.order(&segment)
      if form.composes { composer.compose(&segment) }
    }
    for element in segment { output.append(element.scalar) }
    segment.removeAll(keepingCapacity: true)
  }
}

/// Stretches of ASCII.
enum AsciiRun {
  /// Where the stretch of ASCII that starts at `start` ends; `start` itself when there is none.
  @inline(__always)
  static func end(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    var offset = start
    while offset &+ 8 <= end {
      let upper = EightBytes.load(base + offset) & 0x8080_8080_8080_8080
      if upper != 0 { return offset &+ upper.trailingZeroBitCount &>> 3 }
      offset &+= 8
    }
    while offset < end, base[offset] < 0x80 { offset &+= 1 }
    return offset
  }
}
