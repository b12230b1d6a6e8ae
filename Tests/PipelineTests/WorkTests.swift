import DifferenceSampling
import Pipeline
import Testing
import Training

@Suite struct WorkTests {
  @Test func aStopIsSeenAtTheNextSafePoint() throws {
    let work = Work()
    try work.checkpoint()
    work.control.stop()
    #expect(throws: WorkStopped()) { try work.checkpoint() }
    #expect(work.control.training.isStopped)
    #expect(work.control.scoring.request == .stopAfterBlock)
  }

  @Test func stoppingEndsAPause() throws {
    let control = WorkControl()
    control.pause()
    #expect(control.isPaused)
    control.stop(saving: false)
    #expect(!control.isPaused)
    control.resume()
    #expect(control.isStopping)
    #expect(control.scoring.request == .stopNow)
  }

  @Test func partsReportInTheWhole() {
    var seen: [WorkProgress] = []
    let whole = Work(progress: { seen.append($0) })
    whole.part(0.5...1, "b, ").part(0...0.5).report(WorkProgress(0.5, detail: "half"))
    #expect(seen == [WorkProgress(0.625, detail: "b, half")])
  }
}
