import CLocalSocket
import EngineInterface
import Glibc

/// The link's thread: takes screens in, passes on what they ask, and tells them what is new.
final class LinkLoop {
  /// What the thread is given.
  struct Parts: Sendable {
    let place: LinkPlace
    let listener: Int32
    let file: FileIdentity?
    let settings: LinkServer.Settings
  }

  /// Seconds for the last words.
  static let farewell = 2.0
  /// Screens at a time.
  private static let peerLimit = 64
  /// One piece for a socket: more only where one picture is larger.
  private static let pieceSize = 1 << 16

  private let parts: Parts
  private let inbox: LinkInbox
  private let engine: any EngineClient
  private var shelf = PictureShelf()
  private var turns = QuestionTurns()
  private var peers: [LinkPeer] = []
  private var count = 0
  /// Until when nobody is taken in.
  private var deafUntil = 0.0
  /// Whether a job uses the machine.
  private var isBusy = false
  /// Since when nobody needs the engine.
  private var idleSince: Double?
  private var isAskedToEnd = false
  /// When the connections end at the latest, once the engine has.
  private var end: Double?
  private var hasEnded = false

  init(_ parts: Parts, inbox: LinkInbox, engine: any EngineClient) {
    self.parts = parts
    self.inbox = inbox
    self.engine = engine
  }

  func run() {
    var timeout = 0.0
    while true {
      wait(timeout)
      accept()
      for peer in peers { serve(peer) }
      takeEvents()
      let now = LinkClock.seconds()
      for command in turns.due(at: now) { engine.send(command) }
      timeout = tell(at: now)
      removeTheGone()
      if let end, peers.isEmpty || LinkClock.seconds() >= end { break }
      timeout = min(timeout, endIfIdle(LinkClock.seconds()))
    }
    close(parts.listener)
    parts.place.remove(parts.file)
  }

  // MARK: - Waiting

  private func wait(_ seconds: Double) {
    let isDeaf = LinkClock.seconds() < deafUntil
    var waits = [
      pollfd(fd: inbox.bell, events: Int16(POLLIN), revents: 0),
      pollfd(
        fd: end == nil && !isDeaf ? parts.listener : -1, events: Int16(POLLIN), revents: 0),
    ]
    for peer in peers {
      let events = POLLIN | (peer.isIdle ? 0 : POLLOUT)
      waits.append(pollfd(fd: peer.descriptor, events: Int16(events), revents: 0))
    }
    let most = isDeaf ? 1000.0 : 60_000
    let milliseconds = Int32(min(most, max(0, seconds * 1000).rounded(.up)))
    if poll(&waits, nfds_t(waits.count), milliseconds) <= 0 { return }
    for (peer, wait) in zip(peers, waits.dropFirst(2)) {
      if wait.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { peer.read() }
      if wait.revents & Int16(POLLOUT) != 0 { peer.flush() }
    }
  }

  private func accept() {
    guard end == nil else { return }
    while true {
      let connection = cs_accept(parts.listener)
      guard connection >= 0 else {
        // Out of descriptors or memory: those who wait are looked at again in a while.
        if errno != EAGAIN, errno != EINTR { deafUntil = LinkClock.seconds() + 1 }
        return
      }
      let peer = LinkPeer(
        number: count, descriptor: connection,
        deadline: LinkClock.seconds() + Double(LinkProtocol.patience))
      count += 1
      var (user, process) = (uid_t(), pid_t())
      if cs_peer(connection, &user, &process) != 0 || user != geteuid() {
        continue
      }
      peers.append(peer)
      if peers.count > Self.peerLimit {
        refuse(peer, "\(Self.peerLimit) screens are attached already; close one of them.")
      }
    }
  }

  // MARK: - What screens say

  private func serve(_ peer: LinkPeer) {
    guard !peer.isLeaving, !peer.isGone else { return }
    do throws(LinkError) {
      while let payload = try peer.reader.next() {
        switch try LinkProtocol.read(ScreenMessage.self, payload) {
        case .hello(let greeting): greet(peer, greeting)
        case .command(let command): take(command, from: peer)
        }
        if peer.isLeaving { return }
      }
    } catch {
      refuse(peer, "\(error.message) \(error.hint)")
    }
    if peer.greeting == nil, LinkClock.seconds() >= peer.deadline {
      refuse(peer, "No greeting came within \(LinkProtocol.patience) seconds.")
    }
  }

  private func greet(_ peer: LinkPeer, _ greeting: LinkGreeting) {
    guard peer.greeting == nil else { return refuse(peer, "A second greeting.") }
    peer.greeting = greeting
    peer.nextNotice = shelf.firstNotice
    peer.put(.welcome(program: parts.settings.program))
  }

  private func take(_ command: EngineCommand, from peer: LinkPeer) {
    guard let greeting = peer.greeting else { return refuse(peer, "No greeting came first.") }
    if greeting.isReadOnly, !command.onlyLooks {
      // What a screen of ours would not have sent.
      let text = "This screen only looks: the engine was not asked."
      return peer.put(.event(.notice(Notice(level: .warning, text: text, time: ""))))
    }
    guard !hasEnded else { return }
    if let question = command.question {
      peer.questions[question] = command
      let isDue = turns.ask(question, command, of: peer.number, at: LinkClock.seconds())
      if isDue { engine.send(command) }
      return
    }
    if case .shutDown = command { inbox.noteRequestToEnd() }
    engine.send(command)
  }

  private func refuse(_ peer: LinkPeer, _ reason: String) {
    peer.put(.refused(reason: reason))
    peer.isLeaving = true
    peer.flush()
  }

  // MARK: - What the engine says

  private func takeEvents() {
    let (events, isOver) = inbox.take()
    for event in events {
      switch event.sort {
      case .picture(let area):
        if case .job(let job) = event { isBusy = job.isActive }
        shelf.put(event, in: area)
      case .answer(let question):
        turns.take(event, to: question)
        for peer in peers {
          if let asked = peer.questions[question], event.answers(asked) {
            peer.answers[question] = event
          }
        }
      case .notice: shelf.put(notice: event)
      case .own: if case .ended = event { hasEnded = true }
      }
    }
    if isOver, end == nil {
      hasEnded = true
      end = LinkClock.seconds() + Self.farewell
    }
  }

  /// Gives every screen that has room what is new; seconds until there may be more of it.
  private func tell(at now: Double) -> Double {
    var wait = 60.0
    let greeted = peers.filter { $0.greeting != nil && !$0.isGone && !$0.isLeaving }
    let staying = greeted.filter { $0.greeting?.isPassing == false }
    let viewers = staying.count { $0.greeting?.isReadOnly == true }
    for peer in peers where !peer.isGone {
      if let greeting = peer.greeting, !peer.isLeaving {
        let link = LinkSnapshot(
          isReadOnly: greeting.isReadOnly, controllers: staying.count - viewers,
          viewers: viewers, engine: parts.settings.engine)
        if peer.isIdle { wait = min(wait, fill(peer, link, at: now)) }
      } else if peer.greeting == nil {
        wait = min(wait, max(0.01, peer.deadline - now))
      }
      peer.flush()
      // There may be more of it at once.
      if peer.isIdle, !peer.isGone, hasNews(peer) { wait = 0 }
    }
    if greeted.isEmpty { shelf.forgetBytes() }
    if let end { wait = min(wait, max(0, end - now)) }
    return min(wait, turns.wait(at: now) ?? 60)
  }

  /// Whether something could be sent now.
  private func hasNews(_ peer: LinkPeer) -> Bool {
    guard peer.greeting != nil, !peer.isLeaving else { return false }
    let now = LinkClock.seconds()
    return peer.nextNotice < shelf.nextNotice || !peer.answers.isEmpty
      || LinkArea.allCases.contains {
        shelf.version($0) > peer.versions[$0] ?? 0 && (hasEnded || shelf.wait($0, at: now) == 0)
      }
  }

  /// Puts what is new into a piece for the socket; seconds until a picture may follow that waits.
  private func fill(_ peer: LinkPeer, _ link: LinkSnapshot, at now: Double) -> Double {
    var piece: [UInt8] = []
    var wait = 60.0
    func add(_ message: EngineMessage) {
      if let bytes = try? LinkProtocol.bytes(message) { piece += bytes }
    }
    if peer.link != link {
      peer.link = link
      add(.event(.link(link)))
    }
    addNotices(peer, to: &piece)
    for question in LinkQuestion.allCases {
      if let answer = peer.answers.removeValue(forKey: question) { add(.event(answer)) }
    }
    for area in LinkArea.allCases where shelf.version(area) > peer.versions[area] ?? 0 {
      if piece.count >= Self.pieceSize { break }
      guard let (bytes, version) = shelf.bytes(area, at: now, isLast: hasEnded) else {
        wait = min(wait, shelf.wait(area, at: now))
        continue
      }
      peer.versions[area] = version
      piece += bytes
    }
    let isUpToDate =
      peer.nextNotice == shelf.nextNotice
      && LinkArea.allCases.allSatisfy { shelf.version($0) == peer.versions[$0] ?? 0 }
    // Not counted: pictures that came while the first ones went.
    if !peer.isCaughtUp, isUpToDate {
      peer.isCaughtUp = true
      add(.caughtUp)
    }
    if hasEnded, isUpToDate {
      add(.event(.ended))
      peer.isLeaving = true
    }
    if !piece.isEmpty { peer.put(piece) } else if peer.isLeaving { peer.leave() }
    return wait
  }

  private func addNotices(_ peer: LinkPeer, to piece: inout [UInt8]) {
    if peer.nextNotice < shelf.firstNotice {
      let text = "\(shelf.firstNotice - peer.nextNotice) older messages are left out here."
      peer.nextNotice = shelf.firstNotice
      let notice = Notice(level: .warning, text: text, time: "")
      if let bytes = try? LinkProtocol.bytes(.event(.notice(notice))) { piece += bytes }
    }
    while piece.count < Self.pieceSize, let bytes = shelf.notice(peer.nextNotice) {
      piece += bytes
      peer.nextNotice += 1
    }
  }

  private func removeTheGone() {
    for peer in peers where peer.isGone { turns.forget(peer.number) }
    peers.removeAll(where: \.isGone)
  }

  // MARK: - The end

  /// Asks the engine to end once nobody has needed it for long enough; seconds until that is to be
  /// looked at again.
  private func endIfIdle(_ now: Double) -> Double {
    guard let limit = parts.settings.idleSeconds, !isAskedToEnd, end == nil else { return 60 }
    guard peers.isEmpty, !isBusy else {
      idleSince = nil
      return 60
    }
    let since = idleSince ?? now
    idleSince = since
    guard now - since >= limit else { return limit - (now - since) }
    isAskedToEnd = true
    engine.send(.shutDown(saving: true))
    return 60
  }
}
