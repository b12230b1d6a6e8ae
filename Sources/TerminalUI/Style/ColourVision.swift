/// How an eye sees colours: as most do, or with one kind of cones missing.
///
/// The matrices act on linear sRGB: Machado, Oliveira and Fernandes, "A Physiologically-based Model for
/// Simulation of Color Vision Deficiency", IEEE TVCG 15 (2009), severity 1.
public enum ColourVision: String, CaseIterable, Hashable, Sendable {
  case normal, protanopia, deuteranopia, tritanopia

  private var matrix: [[Double]] {
    switch self {
    case .normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    case .protanopia:
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    case .deuteranopia:
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
      ]
    case .tritanopia:
      [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
      ]
    }
  }

  /// What this eye makes of a colour, in CIELAB.
  func lab(_ colour: RGB) -> LabColour {
    let linear = colour.linear
    let seen = matrix.map { row in
      min(1, max(0, zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 }))
    }
    return LabColour(linear: seen)
  }

  /// How far apart this eye sees two colours: CIEDE2000; 1 is about what can just be told apart side
  /// by side on large fields, characters of a terminal need ten times as much.
  public func distance(_ one: RGB, _ other: RGB) -> Double { lab(one).distance(to: lab(other)) }
}
