import TerminalUI
import Testing

/// Every theme on every level of colours keeps its roles apart and can be read.
@Suite struct ThemeCheckTests {
  struct Place: CustomTestStringConvertible, Sendable {
    let name: String
    let level: ColourLevel
    let ground: ThemeCheck.Ground
    var testDescription: String { "\(name) at \(level), \(ground)" }
  }

  static let places: [Place] = ThemeTests.shipped.flatMap { name -> [Place] in
    guard let theme = try? ThemeTests.catalogue.load(name).theme else { return [] }
    // A theme without colours is one theme whatever the terminal has.
    let levels = theme.isMonochrome ? [.monochrome] : ColourLevel.allCases
    return levels.flatMap { level in
      ThemeCheck.grounds(of: theme).map { Place(name: name, level: level, ground: $0) }
    }
  }

  private func check(_ place: Place) throws -> ThemeCheck {
    ThemeCheck(
      try ThemeTests.catalogue.load(place.name).theme, level: place.level, on: place.ground)
  }

  @Test(arguments: places)
  func rolesAreKeptApart(place: Place) throws {
    let complaints = try check(place).complaints
    #expect(complaints.isEmpty, "\(place.testDescription): \(complaints.joined(separator: "; "))")
  }

  @Test(arguments: ["colour-blind-dark", "colour-blind-light"])
  func eyesThatLackConesTellCurvesApart(name: String) throws {
    let theme = try ThemeTests.catalogue.load(name).theme
    let check = ThemeCheck(theme, level: .indexed256)
    for vision in ColourVision.allCases {
      #expect(check.curveDistance(vision) >= ThemeCheck.needed.curves, "\(vision)")
      // The others do worse: these themes are no copies of them.
      let like = name == "colour-blind-dark" ? "dark" : "light"
      let other = ThemeCheck(try ThemeTests.catalogue.load(like).theme, level: .indexed256)
      if vision == .deuteranopia || vision == .protanopia {
        #expect(check.curveDistance(vision) > 1.4 * other.curveDistance(vision))
      }
      for (one, two) in [(StyleRole.ok, StyleRole.warn), (.ok, .error), (.diffNeg1, .diffPos1)] {
        #expect(check.distance(one, two, vision: vision) >= 20, "\(one) \(two) \(vision)")
      }
    }
  }

  @Test func sixteenDoesNotShout() throws {
    let theme = try ThemeTests.catalogue.load("sixteen").theme
    for role in StyleRole.allCases {
      let look = theme.resolve(Style(role), level: .sixteen)
      #expect((look.foreground ?? 0) <= 8, "\(role)")
      #expect(look.background == nil, "\(role)")
    }
  }

  @Test(arguments: [ColourLevel.eight, .sixteen])
  func framesAreNeverInTheColourOfDropped(level: ColourLevel) {
    let border = Theme.neutral.resolve(Style(.border), level: level)
    #expect(border.foreground != Theme.neutral.resolve(Style(.drop), level: level).foreground)
    // A theme of a person's own, with a grey and no second choice: a grey stays a grey.
    let grey = Theme(
      name: "own", colours: [.border: Appearance(foreground: [.indexed(243)])])
    let index = grey.resolve(Style(.border), level: level).foreground
    #expect(index == 7 || index == 8)
  }

  @Test func looksBehindOneAnother() throws {
    let look = try Appearance.parse("243 bright-black | default dim").get()
    #expect(look.resolved(.indexed256) == ResolvedStyle(foreground: 243))
    #expect(look.resolved(.sixteen) == ResolvedStyle(foreground: 8))
    #expect(look.resolved(.eight) == ResolvedStyle(attributes: .dim))
    guard case .failure(let unknown) = Appearance.parse("red | blurple") else {
      Issue.record("taken")
      return
    }
    #expect(unknown.word == "blurple")
  }

  /// Values of an independent implementation (colour-science 0.4.6's delta_E_CIE2000 and its matrices of
  /// Machado 2009), rounded to a hundredth.
  @Test func knownDistances() {
    let (keep, drop) = (RGB(index: 39), RGB(index: 208))
    let known: [(ColourVision, Double)] = [
      (.normal, 53.45), (.protanopia, 54.89), (.deuteranopia, 60.17), (.tritanopia, 58.43),
    ]
    for (vision, distance) in known {
      #expect(abs(vision.distance(keep, drop) - distance) < 0.02, "\(vision)")
    }
    #expect(ColourVision.normal.distance(keep, keep) == 0)
  }
}
