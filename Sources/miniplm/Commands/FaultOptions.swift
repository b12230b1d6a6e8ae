import ArgumentParser
import Pipeline
import Training

/// What a training does about what goes wrong in its middle.
struct FaultOptions: ParsableArguments {
  @Option(
    name: .customLong("on-nan"),
    help: """
      What to do about a loss or gradient that is not finite: skip leaves the batch's update out, back \
      goes to the newest checkpoint and passes over the batch, stop saves and stops.
      """)
  var onNaN = NotFiniteChoice.skip
  @Option(
    help: """
      What to do about a spike: note applies the update and tells of it, skip, back and stop as above.
      """)
  var onSpike = SpikeChoice.note
  @Option(
    help: """
      A loss or gradient norm so many deviations above its last 128 values is a spike. (default: 6.0)
      """,
    transform: realAboveZero(upTo: 1e6))
  var spikeThreshold = 6.0
  @Option(
    help: "How often the run may go back before it stops. (default: 3)",
    transform: whole(0...Most.counted))
  var maxReturns = 3
  @Option(
    help: """
      What to do where the disk is full: go-on without the checkpoint and try again later, pause until \
      there is room, or stop.
      """)
  var onDiskFull = DiskFullChoice.goOn

  var policy: FaultPolicy {
    FaultPolicy(
      onNotFinite: onNaN.action, onSpike: onSpike.action, spikeThreshold: spikeThreshold,
      onDiskFull: onDiskFull.action, returnsAllowed: maxReturns)
  }

  /// Nobody can be asked here.
  enum NotFiniteChoice: String, ExpressibleByArgument, CaseIterable {
    case skip, back, stop

    var action: StepAction {
      switch self {
      case .skip: .skip
      case .back: .back
      case .stop: .stop
      }
    }
  }

  enum SpikeChoice: String, ExpressibleByArgument, CaseIterable {
    case note, skip, back, stop

    var action: StepAction {
      switch self {
      case .note: .note
      case .skip: .skip
      case .back: .back
      case .stop: .stop
      }
    }
  }

  enum DiskFullChoice: String, ExpressibleByArgument, CaseIterable {
    case goOn = "go-on"
    case pause, stop

    var action: DiskFullAction {
      switch self {
      case .goOn: .goOn
      case .pause: .pause
      case .stop: .stop
      }
    }
  }
}
