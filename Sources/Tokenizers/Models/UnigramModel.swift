/// A model of tokens with scores: a text becomes the tokens with the largest sum.
struct UnigramModel: Sendable {
  private let trie: ByteTrie
  let scores: FrozenArray<Double>
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
    let trie: ByteTrie.View
    let scores: UnsafePointer<Double>
    let lengths: UnsafePointer<Int32>
    let longest: Int
    let unknownToken: Int32?
    let unknownScore: Double
    let byteTokens: UnsafePointer<Int32>?
    let scratch: LatticeScratch

    /// In a link: no path ends here.
    static let none: Int32 = -1
    /// In a link: the path ends with one unknown character.
    static let unknown: Int32 = -2
    /// Shorter runs of one character are not worth a look.
    static let longRun = 8

    /// How far the best paths of a piece have come.
    struct Progress {
      /// Links are kept from here on: no token crosses this place.
      var origin = 0
      /// The furthest end of a token so far.
      var reach = 0
      /// Where the run of unknown characters begins that is not written yet; -1 without one.
      var openUnknown = -1
    }

    func encode(_ piece: UnsafeBufferPointer<UInt8>, into output: inout TokenOutput) {
      guard let base = piece.baseAddress else { return }
      let count = piece.count
      let (sums, mask) = (scratch.sums, scratch.mask)
      var progress = Progress()
      var endOfRun = 0
      sums[0] = 0
      var start = 0
      while start < count {
        let width = UTF8Decoding.width(of: base[start])
        if start >= endOfRun {
          endOfRun = Self.endOfRun(base, start, width, count)
          if endOfRun &- start >= Self.longRun &* width {
            start = takeRun(base, start, width, endOfRun, &progress, &output)
            continue
          }
        }
        let links = links(at: start, base, &progress, &output)
        let origin = progress.origin
        var reach = progress.reach
        let sum = sums[start & mask]
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
        progress.reach = reach
        start &+= width
      }
      emit(base, count, &progress, &output)
      closeUnknown(base, &progress.openUnknown, count, &output)
    }

    /// Room for the links of tokens that start at a place; what is settled by then is written.
    @inline(__always)
    func links(
      at start: Int, _ base: UnsafePointer<UInt8>, _ progress: inout Progress,
      _ output: inout TokenOutput
    ) -> UnsafeMutablePointer<Int32> {
      if start == progress.reach {
        // Every path goes through this place, so the best one up to here is settled.
        emit(base, start, &progress, &output)
        progress.origin = start
      }
      if start &- progress.origin &+ longest &+ 4 >= scratch.capacity { scratch.grow() }
      return scratch.links
    }

    /// Appends the best path up to `end`.
    func emit(
      _ base: UnsafePointer<UInt8>, _ end: Int, _ progress: inout Progress,
      _ output: inout TokenOutput
    ) {
      let (links, origin) = (scratch.links, progress.origin)
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
            closeUnknown(base, &progress.openUnknown, start, &output)
            output.append(link)
            continue
          }
        }
        if progress.openUnknown < 0 { progress.openUnknown = start }
      }
    }

    /// Appends what the run of unknown characters up to `end` becomes.
    func closeUnknown(
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
