import Numerics
public import Store

/// Why no scaling law is fitted to some losses.
public enum ScalingLawError: ActionableError, Equatable {
  /// Fewer points than a law needs.
  case tooFewPoints(needed: Int, found: Int)
  /// Too few different values of a quantity.
  case tooFewValues(of: String, needed: Int, found: Int)
  /// A number that is none, or not above zero.
  case notPositive(point: Int, quantity: String, found: String)
  /// A point that lacks what the law is in.
  case lacking(point: Int, quantity: String)
  /// The losses do not fall as the quantity grows.
  case doesNotFall(with: String, exponent: Double)
  /// A setting that cannot work.
  case setting(name: String, found: String, expected: String)

  public var message: String {
    switch self {
    case .tooFewPoints(let needed, let found): "Points of a law: \(needed) needed, \(found) found."
    case .tooFewValues(let quantity, let needed, let found):
      "Different values of \(quantity): \(needed) needed, \(found) found."
    case .notPositive(let point, let quantity, let found):
      "Point \(point + 1): \(quantity) is \(found), expected a number above 0."
    case .lacking(let point, let quantity): "Point \(point + 1) has no \(quantity)."
    case .doesNotFall(let quantity, let exponent):
      "The law does not fit: the loss does not fall with \(quantity) (exponent "
        + "\(Number.significant(exponent, 3)))."
    case .setting(let name, let found, let expected):
      "Setting \(name): found \(found), expected \(expected)."
    }
  }

  public var hint: String {
    switch self {
    case .tooFewPoints: "Give more checkpoints or more runs."
    case .tooFewValues: "Give points that lie further apart."
    case .notPositive: "Correct the point, or leave it out."
    case .lacking: "Give it, or fit the law of the computation alone."
    case .doesNotFall: "Leave out the warm-up, or give more and longer runs."
    case .setting: "Correct it."
    }
  }
}
