public import LanguageModels
public import ScalingLaws

/// How the loss of an arm falls with computation over the sizes and budgets of one family:
/// L(C) = A / C^alpha + L_inf, of the losses after the last step, scoring included in C.
public struct ArmLaw: Codable, Sendable, Equatable {
  public var family: Family
  public var arm: String
  public var method: String
  public var points: Int
  /// A is nil where it is too large for a double.
  public var A: Double?
  public var alpha: Double
  public var floor: Double
  public var alphaInterval: LawInterval?
  public var floorInterval: LawInterval?
  /// How much computation conventional pre-training needs for the same loss, at its largest
  /// computation, over that of the arm; nil for conventional itself.
  public var speedUp: SpeedUp?

  /// Resamples of the bootstrap over students.
  private static let resamples = 200

  /// A law and what it was fitted to, for pictures and comparisons.
  package struct Fitted {
    let points: [LossPoint]
    let fit: ComputeFit
    let laws: LawBootstrap<ComputeLaw>

    /// nil where the points have no law.
    init?(_ points: [LossPoint], name: String) throws {
      self.points = points
      do {
        fit = try ComputeFit(points)
        laws = try LawBootstrap(
          fit, points, resampling: Resampling(count: ArmLaw.resamples), name: name)
      } catch is ScalingLawError {
        return nil
      }
    }
  }

  /// Of every family and arm that has at least `ComputeFit.valuesNeeded` sizes or budgets; those
  /// whose losses follow no law are left out.
  package static func all(
    _ results: [StudentResult], arms: [String]
  ) throws -> (laws: [ArmLaw], fitted: [String: Fitted]) {
    var laws: [ArmLaw] = []
    var fitted: [String: Fitted] = [:]
    for family in Family.allCases {
      let own = results.filter { $0.family == family }
      guard Set(own.map(\.group)).count >= ComputeFit.valuesNeeded else { continue }
      for arm in arms {
        let students = own.filter { $0.arm == arm }
        let points = students.map {
          LossPoint(
            compute: $0.flops.charged, loss: $0.loss, parameters: Double($0.parameters),
            tokens: Double($0.tokens), run: $0.student)
        }
        let name = key(family, arm)
        if let found = try Fitted(points, name: name) { fitted[name] = found }
      }
      let plain = fitted[key(family, ExperimentMethod.conventional.rawValue)]
      for arm in arms {
        guard let found = fitted[key(family, arm)] else { continue }
        let method = own.first { $0.arm == arm }?.method ?? arm
        laws.append(ArmLaw(family, arm, method, found, over: plain))
      }
    }
    return (laws, fitted)
  }

  static func key(_ family: Family, _ arm: String) -> String { "\(family.rawValue) \(arm)" }

  private init(
    _ family: Family, _ arm: String, _ method: String, _ found: Fitted, over plain: Fitted?
  ) {
    let law = found.fit.law
    self.family = family
    self.arm = arm
    self.method = method
    points = found.points.count
    A = law.factor.isFinite ? law.factor : nil
    alpha = law.exponent
    floor = law.floor
    alphaInterval = found.laws.interval(of: \.exponent)
    floorInterval = found.laws.interval(of: \.floor)
    guard method != ExperimentMethod.conventional.rawValue, let plain else { return }
    speedUp = SpeedUp(
      of: law, over: plain.fit.law, at: plain.points.map(\.compute).max() ?? 1,
      resampled: (law: found.laws, baseline: plain.laws))
  }
}
