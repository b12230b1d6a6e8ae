import EngineInterface
import TerminalUI

/// What screens show, as data.
public enum ScreenData {
  /// Everything that a screen shows, behind what is known of project and work.
  public static func record(_ screen: ScreenID, _ state: ViewState) -> DataRecord {
    var head: DataRecord = ["screen": "\(screen)"]
    if let project = state.engine.project {
      head = head + ["project": project.name, "folder": project.folder]
    }
    if let job = state.engine.job { head = head + ["job": job.record] }
    return head + screen.view.data(state)
  }

  /// What a pane of a screen shows as rows: its list, or the plain values of the screen.
  public static func table(_ pane: Pane, of screen: ScreenID, _ state: ViewState) -> DataTable {
    let record = screen.view.data(state)
    return DataTable(screen.view.dataName(of: pane).flatMap { record[$0] } ?? .record(record))
  }
}

extension JobSnapshot {
  fileprivate var record: DataRecord {
    var state = "\(self.state)"
    var failure: String?
    if case .failed(let why) = self.state { (state, failure) = ("failed", why) }
    return [
      "stage": stage.rawValue, "state": state, "fraction": fraction, "elapsed": elapsed,
      "eta": eta, "detail": detail, "failure": failure,
    ]
  }
}

extension Notice {
  var record: DataRecord { ["time": time, "level": level.rawValue, "text": text] }
}

extension RunEvent {
  var record: DataRecord {
    [
      "time": time, "run": run, "step": step, "kind": kind.rawValue, "level": level.rawValue,
      "text": text,
    ]
  }
}

extension ChunkRow {
  /// As every list of chunks gives it.
  var record: DataRecord {
    [
      "index": index, "source": source, "tokens": tokens, "difference": difference, "kept": kept,
      "manual": manual, "capped": isCapped, "floored": isFloored,
      "label": label.isEmpty ? nil : label, "text": preview,
    ]
  }
}

extension HistogramSnapshot {
  /// Bins with both ends, nats per token.
  var record: DataRecord {
    let width = counts.isEmpty ? 0 : (upper - lower) / Double(counts.count)
    let bins: [DataRecord] = counts.enumerated().map { index, count in
      [
        "lower": lower + Double(index) * width, "upper": lower + Double(index + 1) * width,
        "count": count,
      ]
    }
    return ["below": below, "above": above, "bins": bins]
  }
}

extension CurvePoint {
  var record: DataRecord {
    ["step": step, "tokens": tokens, "loss": loss, "seconds": seconds]
  }
}

extension RunSnapshot {
  /// The figures of a run, and with `curves` its curves.
  func record(curves: Bool) -> DataRecord {
    let figures: DataRecord = [
      "name": name, "corpus": corpus, "step": step, "steps": steps, "tokens": tokens,
      "epoch": epoch, "loss": loss, "averageLoss": averageLoss, "lossZScore": lossZScore,
      "heldOutLoss": heldOutLoss, "learningRate": learningRate, "gradientNorm": gradientNorm,
      "clippedShare": clippedShare, "tokensPerSecond": tokensPerSecond,
      "stepMilliseconds": stepTime, "memoryBytes": memory, "eta": eta,
      "lastCheckpoint": lastCheckpoint, "lmLoss": distillation?.lmLoss,
      "kdLoss": distillation?.kdLoss, "kdGradientShare": distillation?.gradientShare,
      "forkOf": fork?.parent, "forkStep": fork?.step, "forkDropped": fork?.dropped,
    ]
    guard curves else { return figures }
    return figures + [
      "trainCurve": trainCurve.map(\.record), "heldOutCurve": heldOutCurve.map(\.record),
      "gradientNorms": gradientNorms, "epochBorders": epochBorders.map(\.record),
    ]
  }

  /// Points of all its curves with the run's name, for one table of several runs.
  fileprivate func points() -> [DataRecord] {
    [("train", trainCurve), ("held-out", heldOutCurve)].flatMap { kind, points in
      points.map { ["run": name, "curve": kind] + $0.record }
    }
  }

  static func points(of runs: [RunSnapshot]) -> [DataRecord] { runs.flatMap { $0.points() } }
}
