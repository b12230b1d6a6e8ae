import EngineInterface
import TerminalUI
import Testing
import Workbench

/// While a job counts, nothing beside it moves.
@Suite struct SteadyLineTests {
  @Test(arguments: GoldenTests.sizes)
  func theStatusLineStandsStillWhileAJobCounts(_ size: Size) {
    var places: Set<Int> = []
    var player = Player(FixtureSnapshots().scoringNow, size: size)
    player.type("3")
    for (fraction, eta) in [
      (0.0, nil), (0.004, nil), (0.05, 59.0), (0.099, 61), (0.1, 3599), (0.62, 161), (0.99, 86_399),
      (0.9999, 9), (1, 0),
    ] as [(Double, Double?)] {
      player.send(
        .engine(.job(JobSnapshot(stage: .score, state: .running, fraction: fraction, eta: eta))))
      let line =
        player.text.split(separator: "\n", omittingEmptySubsequences: false)
        .dropLast().last.map(String.init) ?? ""
      #expect(line.contains("score every chunk") && line.contains("ETA"), "\(line)")
      if let bar = line.firstIndex(of: "|") {
        places.insert(line.distance(from: line.startIndex, to: bar))
      }
    }
    // 100 % has one figure more than the rest, and is the last.
    #expect(places.count <= 2 && !places.isEmpty, "\(places)")
  }
}
