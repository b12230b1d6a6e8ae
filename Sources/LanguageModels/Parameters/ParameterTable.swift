/// Every parameter of a configuration: name, shape and place. The only code that computes sizes.
///
/// A name is the one of transformers. Tensors that one matrix product serves (q, k, v; gate, up)
/// lie side by side, so that the fused matrix is simply a longer view.
public struct ParameterTable: Sendable, Equatable {
  /// One tensor.
  public struct Entry: Sendable, Equatable {
    /// As in a file of transformers.
    public let name: String
    public let shape: [Int]
    /// First float in the buffer of each role.
    public let offset: Int
    /// Floats.
    public var count: Int { shape.reduce(1, *) }
    /// The name whose values these are, when weights are tied.
    public let tiedTo: String?
  }

  /// In file order; a tied tensor is an entry with the offset of the other.
  public private(set) var entries: [Entry] = []
  /// Floats of one role's buffer, padding included (the padding stays zero).
  public private(set) var floatCount = 0
  private var indexByName: [String: Int] = [:]
  /// Entries before the tied ones.
  private var untiedCount: Int { entries.lastIndex { $0.tiedTo == nil }.map { $0 + 1 } ?? 0 }

  /// Trainable values, tied weights counted once.
  public var parameterCount: Int {
    entries.reduce(0) { $0 + ($1.tiedTo == nil ? $1.count : 0) }
  }

  /// Bytes of one role's buffer.
  public var roleBytes: Int { floatCount * MemoryLayout<Float>.size }

  /// The entries at `place`, in order; tied ones are not among them.
  func entries(at place: TensorPlace) -> ArraySlice<Entry> {
    // A tied entry stands last, whatever its offset.
    let own = entries.prefix(untiedCount)
    return own[own.first(from: place.offset)..<own.first(from: place.offset + place.count)]
  }

  /// The entry called `name`.
  public func entry(named name: String) -> Entry? { indexByName[name].map { entries[$0] } }

  init() {}

  /// Starts the next tensor at a multiple of 64 bytes.
  mutating func align() { floatCount = (floatCount + 15) & ~15 }

  /// Appends a tensor; neighbours without `align()` between them can be read as one matrix.
  @discardableResult
  mutating func append(_ name: String, _ shape: [Int]) -> TensorPlace {
    let entry = Entry(name: name, shape: shape, offset: floatCount, tiedTo: nil)
    indexByName[name] = entries.count
    entries.append(entry)
    floatCount += entry.count
    return TensorPlace(offset: entry.offset, count: entry.count)
  }

  /// A second name for the values of `place`.
  mutating func tie(_ name: String, to other: String) {
    guard let index = indexByName[other] else { return }
    let source = entries[index]
    indexByName[name] = entries.count
    entries.append(
      Entry(name: name, shape: source.shape, offset: source.offset, tiedTo: other))
  }
}

extension ArraySlice<ParameterTable.Entry> {
  /// Index of the first entry at `offset` or behind it, by bisection.
  fileprivate func first(from offset: Int) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Where a tensor, or several side by side, lie in each role's buffer.
struct TensorPlace: Sendable, Equatable {
  let offset: Int
  let count: Int

  /// This and the tensor right behind it as one.
  func joined(_ next: TensorPlace) -> TensorPlace {
    TensorPlace(offset: offset, count: count + next.count)
  }
}
