import Foundation

/// A colour in CIELAB under D65.
struct LabColour: Hashable, Sendable {
  let lightness, a, b: Double

  init(lightness: Double, a: Double, b: Double) {
    self.lightness = lightness
    self.a = a
    self.b = b
  }

  /// From linear sRGB, three channels 0...1.
  init(linear: [Double]) {
    func axis(_ weights: [Double], white: Double) -> Double {
      let value = zip(weights, linear).reduce(0) { $0 + $1.0 * $1.1 } / white
      return value > 216.0 / 24389 ? cbrt(value) : (24389.0 / 27 * value + 16) / 116
    }
    let x = axis([0.4124564, 0.3575761, 0.1804375], white: 0.95047)
    let y = axis([0.2126729, 0.7151522, 0.0721750], white: 1)
    let z = axis([0.0193339, 0.1191920, 0.9503041], white: 1.08883)
    self.init(lightness: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z))
  }

  /// Distance from the grey axis.
  var chroma: Double { hypot(a, b) }

  /// CIEDE2000 with all weights 1: Sharma, Wu and Dalal, Color Research and Application 30 (2005).
  func distance(to other: LabColour) -> Double {
    let seventh: Double = pow(25, 7)
    func share(_ chroma: Double) -> Double {
      let power: Double = pow(chroma, 7)
      return (power / (power + seventh)).squareRoot()
    }
    let stretch = 1 + 0.5 * (1 - share((chroma + other.chroma) / 2))
    let (a1, a2) = (a * stretch, other.a * stretch)
    let (c1, c2) = (hypot(a1, b), hypot(a2, other.b))
    let (h1, h2) = (Self.hue(a1, b), Self.hue(a2, other.b))
    let isGrey = c1 * c2 == 0

    var turn = isGrey ? 0 : h2 - h1
    if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
    let deltaL = other.lightness - lightness
    let deltaC = c2 - c1
    let deltaH = 2 * (c1 * c2).squareRoot() * sin(Self.radians(turn / 2))

    let meanL = (lightness + other.lightness) / 2
    let meanC = (c1 + c2) / 2
    var meanH = isGrey ? h1 + h2 : (h1 + h2) / 2
    if !isGrey, abs(h1 - h2) > 180 { meanH += h1 + h2 < 360 ? 180 : -180 }

    func wave(_ factor: Double, _ shift: Double) -> Double {
      cos(Self.radians(factor * meanH + shift))
    }
    let t =
      1 - 0.17 * wave(1, -30) + 0.24 * wave(2, 0) + 0.32 * wave(3, 6) - 0.20 * wave(4, -63)
    let away = (meanL - 50) * (meanL - 50)
    let scaleL = 1 + 0.015 * away / (20 + away).squareRoot()
    let scaleC = 1 + 0.045 * meanC
    let scaleH = 1 + 0.015 * meanC * t
    let bend = 30 * exp(-pow((meanH - 275) / 25, 2))
    let rotation = -2 * share(meanC) * sin(Self.radians(2 * bend))
    let (l, c, h) = (deltaL / scaleL, deltaC / scaleC, deltaH / scaleH)
    return max(0, l * l + c * c + h * h + rotation * c * h).squareRoot()
  }

  private static func hue(_ a: Double, _ b: Double) -> Double {
    guard a != 0 || b != 0 else { return 0 }
    let angle = atan2(b, a) * 180 / .pi
    return angle < 0 ? angle + 360 : angle
  }

  private static func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
}
