import EngineInterface
import TerminalUI

/// What the engine tells.
extension Reducer {
  mutating func take(_ event: EngineEvent) {
    let before = state.engine
    state.engine.take(event)
    answerAnnouncement(event)
    switch event {
    case .selection(let selection):
      takeSelection(selection, before: before.selection)
      keepPlan()
    case .notice:
      state.noticeTime = state.clock
      state.showsNotice = true
    case .chunkRows: break
    case .corpus: state.corpus.sent = nil
    case .project:
      followWork(before)
      askWhatIsAsked(before.project?.question)
    case .job: followWork(before)
    case .commit: trainIfCommitted()
    case .link(let link): if link.loss != nil, before.link?.loss == nil { lost() }
    case .ended: ended()
    default: break
    }
    restoreChunk(before)
    replayWaitingKeys(event)
  }

  /// What a job does, or why it does not, takes the place of what was asked for.
  private mutating func answerAnnouncement(_ event: EngineEvent) {
    guard state.message?.isAnnouncement == true else { return }
    switch event {
    case .job, .notice: state.message = nil
    default: break
    }
  }

  private mutating func takeSelection(
    _ selection: SelectionSnapshot, before: SelectionSnapshot?
  ) {
    if let requested = state.select.requestedRatio {
      // The engine may cut a ratio to what is possible: after a while its word is the last.
      let isAnswered = abs(selection.ratio - requested) < 1e-9
      if isAnswered || state.clock - state.select.requestedAt > 1 {
        state.select.requestedRatio = nil
      }
    }
    state.corpus.isStale = true
    renewAnswers()
    guard state.select.followsBorder || before == nil else {
      if let before { keepDistanceToBorder(before, selection) }
      return
    }
    followBorder()
  }

  /// A row picked by hand stays selected; if it has left the list, its distance to the border stays.
  private mutating func keepDistanceToBorder(
    _ old: SelectionSnapshot, _ new: SelectionSnapshot
  ) {
    let selected = state.list(.border).selected
    let picked = old.border[safe: selected]?.index
    let place =
      new.border.firstIndex { $0.index == picked }
      ?? (new.borderInside + selected - old.borderInside)
    var list = state.list(.border)
    list.selected = min(max(0, place), max(0, new.border.count - 1))
    state.lists[.border] = list
  }

  /// Shows the screen of the running stage, until a person goes somewhere.
  private mutating func followWork(_ before: EnginePicture) {
    guard state.followsWork, state.overlay == nil, state.prompt == nil else { return }
    if let job = state.engine.job, job.isActive {
      let isNew = before.job?.stage != job.stage || before.job?.isActive != true
      if isNew { show(ScreenID(stage: job.stage)) }
      return
    }
    // The engine waits for a person: show where.
    guard state.engine.nextStage != before.nextStage || before.job?.isActive == true,
      let next = state.engine.nextStage, next.needsPerson
    else { return }
    // Whoever still looks at an earlier step of their own stays there.
    let isChoosing = state.screen.view.stages.contains { $0.needsPerson && $0.place < next.place }
    if !isChoosing { show(ScreenID(stage: next)) }
  }

  /// A training that waits for an answer says so wherever a person is.
  private mutating func askWhatIsAsked(_ before: FaultQuestion?) {
    let question = state.engine.project?.question
    guard question != before else { return }
    if let question {
      say("\(question.run) waits for an answer: \(state.key(.answer)).", isWarning: true)
      if state.overlay == nil, state.prompt == nil { state.overlay = .question(ListState()) }
    } else if case .list(let id, _)? = state.overlay, id == ListOverlayID(QuestionOverlay.self) {
      state.overlay = nil
    }
  }

  private mutating func trainIfCommitted() {
    guard case .written(let folder)? = state.engine.commit?.state else { return }
    guard state.commit.trainsAfter else { return }
    state.commit.trainsAfter = false
    state.followsWork = true
    send(.start(.train))
    say("Written: \(folder). Training two students.")
  }

  /// What has gone is said where nobody can miss it; the pictures stay.
  private mutating func lost() {
    state.prompt = nil
    if state.leavingWith != nil { return detach(exitCode: 0) }
    state.overlay = .quit
  }

  private mutating func ended() {
    effects.append(.leave(exitCode: state.leavingWith ?? 0))
  }
}
