public import TensorKit

/// The precision that work is asked for in: one, or whichever suits machine, models and text.
public enum PrecisionSetting: Sendable, Hashable {
  /// The fastest that keeps the accuracy; what it came to is named and recorded.
  case auto
  case exactly(Precision)

  public static let f32 = PrecisionSetting.exactly(.f32)
  public static let bf16 = PrecisionSetting.exactly(.bf16)
  public static let int8 = PrecisionSetting.exactly(.int8)

  /// The one that was asked for; nil for `auto`.
  public var exact: Precision? { if case .exactly(let precision) = self { precision } else { nil } }
}

extension PrecisionSetting: RawRepresentable, CaseIterable, Codable {
  public static let allCases = [auto] + Precision.allCases.map(PrecisionSetting.exactly)

  /// "auto", or the name of the precision.
  public init?(rawValue: String) {
    if rawValue == Self.auto.rawValue {
      self = .auto
    } else if let precision = Precision(rawValue: rawValue) {
      self = .exactly(precision)
    } else {
      return nil
    }
  }

  public var rawValue: String {
    switch self {
    case .auto: "auto"
    case .exactly(let precision): precision.rawValue
    }
  }
}

/// What `auto` came to, and why.
public struct ResolvedPrecision: Codable, Sendable, Equatable {
  public var precision: Precision
  /// A phrase for people.
  public var reason: String
  /// What was tried on the probe, in the order of the trials.
  public var tried: [PrecisionVerdict]

  init(_ precision: Precision, _ reason: String, tried: [PrecisionVerdict] = []) {
    self.precision = precision
    self.reason = reason
    self.tried = tried
  }

  /// For example "auto is int8: ...".
  public var words: String { "auto is \(precision.rawValue): \(reason)" }
}
