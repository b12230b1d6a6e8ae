/// Memory for the best paths of a text, kept from one to the next.
final class LatticeScratch {
  /// Sum of the best path to each of the last places, by the low bits of the place.
  private(set) var sums = UnsafeMutablePointer<Double>.allocate(capacity: 1)
  private(set) var mask = 0
  /// Last token of the best path to each place since all paths met.
  private(set) var links = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  private(set) var capacity = 0
  var path: [Int32] = []
  /// The tokens that start at every character of a run.
  var runTokens: [RunToken] = []

  /// A token as it starts in a run: its length in bytes, the link that it makes, and its score.
  struct RunToken: BitwiseCopyable {
    let length: Int
    let link: Int32
    let score: Double
  }

  /// Makes room for tokens of up to `longest` bytes.
  func prepare(longest: Int) {
    var window = 16
    while window <= longest { window *= 2 }
    if window > mask + 1 {
      sums.deallocate()
      sums = .allocate(capacity: window)
      sums.initialize(repeating: 0, count: window)
      mask = window - 1
    }
    while capacity < 4 * window { grow() }
  }

  /// Doubles the room for links.
  func grow() {
    let larger = max(4096, capacity * 2)
    let memory = UnsafeMutablePointer<Int32>.allocate(capacity: larger)
    memory.initialize(repeating: 0, count: larger)
    memory.update(from: links, count: capacity)
    links.deallocate()
    (links, capacity) = (memory, larger)
  }

  deinit {
    sums.deallocate()
    links.deallocate()
  }
}
