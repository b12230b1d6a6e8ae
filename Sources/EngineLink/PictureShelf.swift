import EngineInterface

/// The newest picture of every area and the newest notices: what a screen that comes is told first, and
/// all that is kept for one that is slow.
struct PictureShelf {
  private struct Picture {
    var event: EngineEvent
    var version: Int
    /// As bytes of the link, and of which version they are.
    var bytes: [UInt8] = []
    var codedVersion = 0
    /// When it may be coded again.
    var due = 0.0
  }

  private var pictures: [LinkArea: Picture] = [:]
  private var notices: [[UInt8]] = []
  /// The number of the first notice that is kept; the first of all is 0.
  private(set) var firstNotice = 0

  /// Notices that are kept: of thousands more than a slow screen can want.
  static let noticeLimit = 4096
  /// Coding one area takes at most this share of a core.
  private static let share = 0.05
  /// No picture waits longer, whatever it costs.
  private static let longestWait = 2.0

  /// The number of the next notice.
  var nextNotice: Int { firstNotice + notices.count }

  mutating func put(_ event: EngineEvent, in area: LinkArea) {
    let version = (pictures[area]?.version ?? 0) + 1
    guard pictures[area] != nil else {
      pictures[area] = Picture(event: event, version: version)
      return
    }
    pictures[area]?.event = event
    pictures[area]?.version = version
  }

  mutating func put(notice: EngineEvent) {
    guard let bytes = try? LinkProtocol.bytes(.event(notice)) else { return }
    notices.append(bytes)
    // In steps, so that the list is not moved for each of them.
    if notices.count > Self.noticeLimit + 256 {
      notices.removeFirst(256)
      firstNotice += 256
    }
  }

  func notice(_ number: Int) -> [UInt8]? {
    notices.indices.contains(number - firstNotice) ? notices[number - firstNotice] : nil
  }

  /// The version of an area's picture, 0 without one.
  func version(_ area: LinkArea) -> Int { pictures[area]?.version ?? 0 }

  /// The newest picture of an area as bytes, with its version; nil where there is none, or it is not to
  /// be coded yet. The last one before the end does not wait.
  mutating func bytes(
    _ area: LinkArea, at now: Double, isLast: Bool = false
  ) -> (bytes: [UInt8], version: Int)? {
    guard let picture = pictures[area] else { return nil }
    if picture.codedVersion == picture.version { return (picture.bytes, picture.version) }
    guard now >= picture.due || isLast else { return nil }
    // None that cannot be coded is known; it would be left out.
    let bytes = (try? LinkProtocol.bytes(.event(picture.event))) ?? []
    let cost = LinkClock.seconds() - now
    pictures[area]?.bytes = bytes
    pictures[area]?.codedVersion = picture.version
    pictures[area]?.due = now + min(Self.longestWait, cost / Self.share)
    return (bytes, picture.version)
  }

  /// Seconds until an area's picture may be coded.
  func wait(_ area: LinkArea, at now: Double) -> Double {
    max(0, (pictures[area]?.due ?? 0) - now)
  }

  /// Forgets the bytes of pictures that nobody waits for.
  mutating func forgetBytes() {
    for area in LinkArea.allCases where pictures[area]?.codedVersion != 0 {
      pictures[area]?.bytes = []
      pictures[area]?.codedVersion = 0
    }
  }
}

/// Time for what the link waits for.
enum LinkClock {
  private static let start = ContinuousClock.now

  /// Seconds of a clock that never goes back.
  static func seconds() -> Double { (ContinuousClock.now - start) / .seconds(1) }
}
