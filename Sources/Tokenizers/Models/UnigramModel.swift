/// A model of tokens with scores: a text becomes the tokens with the largest sum.
struct UnigramModel: Sendable {
  private let trie: ByteTrie
  private let scores: FrozenArray<Double>
  /// Length of each token in bytes.
  private let lengths: FrozenArray<Int32>
  private let unknownToken: Int32?
  private let unknownScore: Double
  /// Token of each byte; nil without fallback.
  private let byteTokens: FrozenArray<Int32>?
  /// What a character that no token consists of is worth, against the smallest score.
  private static let unknownPenalty = 10.0

  /// - Parameters:
  ///   - scores: of the tokens, by id.
  ///   - unknownToken: without one, characters that no token holds give no token.
  init(
    vocabulary: TokenVocabulary, scores: [Double], unknownToken: Int32?, fallsBackToBytes: Bool
  ) {
    trie = ByteTrie(vocabulary.strings.map { (bytes: $0.text, value: $0.id) })
    self.scores = FrozenArray(scores)
    lengths = FrozenArray(
      (0..<vocabulary.count)
        .map { Int32(vocabulary.text(of: Int32($0))?.count ?? 0) })
    self.unknownToken = unknownToken
    unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
    byteTokens =
      fallsBackToBytes ? FrozenArray(ByteFallback.tokens(of: vocabulary)) : nil
  }

  func view(_ scratch: LatticeScratch) -> View {
    scratch.prepare(longest: max(trie.longest, 4))
    return View(
      trie: trie.view, scores: scores.pointer, lengths: lengths.pointer, longest: trie.longest,
      unknownToken: unknownToken, unknownScore: unknownScore, byteTokens: byteTokens?.pointer,
      scratch: scratch)
  }

  /// Valid while the model lives.
  struct View: PieceModel {
    fileprivate let trie: ByteTrie.View
    fileprivate let scores: UnsafePointer<Double>
    fileprivate let lengths: UnsafePointer<Int32>
    fileprivate let longest: Int
    fileprivate let unknownToken: Int32?
    fileprivate let unknownScore: Double
    fileprivate let byteTokens: UnsafePointer<Int32>?
    fileprivate let scratch: LatticeScratch

    /// In a link: no path ends here.
    private static let none: Int32 = -1
    /// In a link: the path ends with one unknown character.
    private static let unknown: Int32 = -2

    func encode(_ piece: UnsafeBufferPointer<UInt8>, into output: inout TokenOutput) {
      guard let base = piece.baseAddress else { return }
      let count = piece.count
      let (sums, mask) = (scratch.sums, scratch.mask)
      var links = scratch.links
      // Links are kept from here on: no token crosses this place.
      var origin = 0
      // The furthest end of a token so far.
      var reach = 0
      var openUnknown = -1
      sums[0] = 0
      var start = 0
      while start < count {
        if start == reach {
          // Every path goes through this place, so the best one up to here is settled.
          emit(base, origin, start, &openUnknown, &output)
          origin = start
        }
        if start &- origin &+ longest &+ 4 >= scratch.capacity {
          scratch.grow()
          links = scratch.links
        }
        let sum = sums[start & mask]
        let width = UTF8Decoding.width(of: base[start])
        var hasSingle = false
        var node = ByteTrie.View.root
        var end = start
        while end < count {
          node = trie.child(of: node, base[end])
          if node < 0 { break }
          end &+= 1
          let token = trie.value(at: node)
          if token < 0 { continue }
          if end &- start == width { hasSingle = true }
          while reach < end {
            reach &+= 1
            links[reach &- origin] = Self.none
          }
          let candidate = scores[Int(token)] + sum
          if links[end &- origin] == Self.none || candidate > sums[end & mask] {
            links[end &- origin] = token
            sums[end & mask] = candidate
          }
        }
        if !hasSingle {
          end = start &+ width
          while reach < end {
            reach &+= 1
            links[reach &- origin] = Self.none
          }
          let candidate = unknownScore + sum
          if links[end &- origin] == Self.none || candidate > sums[end & mask] {
            links[end &- origin] = Self.unknown
            sums[end & mask] = candidate
          }
        }
        start &+= width
      }
      emit(base, origin, count, &openUnknown, &output)
      closeUnknown(base, &openUnknown, count, &output)
    }

    /// Appends the best path from `origin` to `end`.
    private func emit(
      _ base: UnsafePointer<UInt8>, _ origin: Int, _ end: Int, _ openUnknown: inout Int,
      _ output: inout TokenOutput
    ) {
      let links = scratch.links
      scratch.path.removeAll(keepingCapacity: true)
      var place = end
      while place > origin {
        let link = links[place &- origin]
        scratch.path.append(link)
        if link == Self.unknown {
          place = UTF8Decoding.start(in: base, before: place)
        } else {
          place &-= Int(lengths[Int(link)])
        }
      }
      for link in scratch.path.reversed() {
        let start = place
        if link == Self.unknown {
          place &+= UTF8Decoding.width(of: base[place])
        } else {
          place &+= Int(lengths[Int(link)])
          if link != unknownToken {
            closeUnknown(base, &openUnknown, start, &output)
            output.append(link)
            continue
          }
        }
        if openUnknown < 0 { openUnknown = start }
      }
    }

    /// Appends what the run of unknown characters up to `end` becomes.
    private func closeUnknown(
      _ base: UnsafePointer<UInt8>, _ start: inout Int, _ end: Int, _ output: inout TokenOutput
    ) {
      if start < 0 { return }
      let run = UnsafeBufferPointer(start: base + start, count: end - start)
      start = -1
      if let token = trie.value(of: run) { return output.append(token) }
      if let byteTokens, run.allSatisfy({ byteTokens[Int($0)] >= 0 }) {
        for byte in run { output.append(byteTokens[Int(byte)]) }
      } else if let unknownToken {
        output.append(unknownToken)
      }
    }
  }
}

/// Memory for the best paths of a text, kept from one to the next.
final class LatticeScratch {
  /// Sum of the best path to each of the last places, by the low bits of the place.
  private(set) var sums = UnsafeMutablePointer<Double>.allocate(capacity: 1)
  private(set) var mask = 0
  /// Last token of the best path to each place since all paths met.
  private(set) var links = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  private(set) var capacity = 0
  var path: [Int32] = []

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
