import TensorKit

/// The values of a model's parameters, one buffer a role, laid out by one table.
///
/// Weights exist from the start; gradients and moments come when they are asked for, so that a
/// scoring job does not pay for them. Not Sendable: the job that drives the model owns it.
public final class ParameterStore {
  /// What a buffer holds for every parameter.
  public enum Role: String, CaseIterable, Sendable {
    case weights
    case gradients
    case firstMoment
    case secondMoment
  }

  /// Names, shapes and places.
  public let table: ParameterTable
  private var buffers: [Role: Buffer] = [:]

  /// Maps zeroed weights for `table`; sparse ones take memory only where they are written.
  public init(table: ParameterTable, isSparse: Bool = false) throws {
    self.table = table
    buffers[.weights] =
      isSparse
      ? try Buffer(reserving: table.roleBytes) : try Buffer(floats: table.floatCount)
  }

  /// Whether `role` has a buffer.
  public func holds(_ role: Role) -> Bool { buffers[role] != nil }

  /// Every value of `role`, mapped as zeros on first use; valid while the store lives, so keep the
  /// model or the store in a place that outlives the use.
  ///
  /// Between tensors lie up to 15 floats of padding that are zero in every role and stay so under
  /// any elementwise optimiser.
  public func values(_ role: Role) throws -> UnsafeMutableBufferPointer<Float> {
    if let buffer = buffers[role] { return buffer.floats }
    let buffer = try Buffer(floats: table.floatCount)
    buffers[role] = buffer
    return buffer.floats
  }

  /// The values of one tensor, row-major; nil for a name that the model has not.
  public func values(
    of name: String, _ role: Role
  ) throws -> UnsafeMutableBufferPointer<Float>? {
    guard let entry = table.entry(named: name) else { return nil }
    let all = try values(role)
    return UnsafeMutableBufferPointer(
      rebasing: all[entry.offset..<entry.offset + entry.count])
  }

  /// A copy of every value of `role`, padding included.
  public func copy(_ role: Role) throws -> [Float] {
    try withExtendedLifetime(self) { Array(try values(role)) }
  }

  /// A copy of one tensor, row-major; nil for a name that the model has not.
  public func copy(of name: String, _ role: Role) throws -> [Float]? {
    try withExtendedLifetime(self) { try values(of: name, role).map { Array($0) } }
  }

  /// Sets every value of `role` to zero.
  public func clear(_ role: Role) throws {
    try values(role).update(repeating: 0)
  }

  /// Gives back the memory of `role`; weights stay.
  public func release(_ role: Role) {
    if role != .weights { buffers[role] = nil }
  }

  /// The base address of a role that the caller has made sure of.
  func base(_ role: Role) throws -> UnsafeMutablePointer<Float> {
    let all = try values(role)
    guard let start = all.baseAddress else {
      throw ModelError.configuration(
        key: "parameters", found: "none", expected: "a model with parameters")
    }
    return start
  }
}
