import EngineInterface
import Foundation
import Store
import Training

/// What happened in the trainings of a commit, `events.jsonl` beside the folders of its runs: written as
/// it happens, read when the project is opened.
///
/// A line is appended whole or not at all; a torn tail is cut by the next opening. Events are no part
/// of what a run computes: where they cannot be written, training goes on.
final class RunEventLog {
  /// Name of the file.
  static let fileName = "events.jsonl"
  /// The newest so many are shown.
  static let limit = 200

  private struct Line: Codable {
    var event: RunEvent
    /// Seconds since 1970.
    var date: Double
    /// Bytes that the run held, where it starts.
    var memory: Int?
  }

  private let path: String
  private var log: JSONLinesLog?
  private var hasFailed = false

  init(_ places: CommitFolder) { path = places.events }

  /// Appends an event; returns why not, the first time that it is not possible.
  func append(_ event: RunEvent, memory: Int?) -> String? {
    do {
      if log == nil {
        try Folder.make(Folder.parent(of: path))
        log = try JSONLinesLog(appendingTo: path)
      }
      try log?.append(
        Line(
          event: event, date: Date().timeIntervalSince1970,
          memory: event.kind == .start ? memory : nil))
      if event.kind == .checkpoint || event.kind == .end || event.kind == .decision {
        try log?.sync()
      }
      return nil
    } catch {
      defer { hasFailed = true }
      return hasFailed ? nil : "Events of the training are not kept: \(error)"
    }
  }

  /// The newest events of a commit, oldest first, and the memory of its runs by name. Lines that cannot
  /// be read are left out; of trainings from before events were kept their metrics tell some.
  static func read(_ places: CommitFolder) -> (events: [RunEvent], memory: [String: Int]) {
    guard let data = (try? FileContents.readIfPresent(places.events)) ?? nil else {
      return (fromMetrics(places), [:])
    }
    var memory: [String: Int] = [:]
    var events: [RunEvent] = []
    let decoder = JSONDecoder()
    for text in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
      guard let line = try? decoder.decode(Line.self, from: Data(text)) else { continue }
      memory[line.event.run] = line.memory ?? memory[line.event.run]
      var event = line.event
      event.time = Clock.label(Date(timeIntervalSince1970: line.date))
      events.append(event)
    }
    return (events.suffix(limit), memory)
  }

  /// Evaluations and checkpoints, as the runs' own logs have them, and what was decided.
  private static func fromMetrics(_ places: CommitFolder) -> [RunEvent] {
    var found: [RunEvent] = []
    for run in ProjectRun.all(places.project, commit: places.name) {
      let recorder = RunRecorder(name: run.name, corpus: "", runFolder: run.folder, steps: 0)
      for record in (try? MetricsLog.read(runFolder: run.folder)) ?? [] {
        let event: RunEvent? =
          switch record {
          case .evaluation(let record): recorder.event(record)
          case .checkpoint(let record): recorder.event(record)
          case .step, .epoch: nil
          }
        if var event {
          event.time = ""
          found.append(event)
        }
      }
      for decision in (try? Decisions.read(runFolder: run.folder))?.decisions ?? [] {
        found.append(
          RunEvent(
            .decision, level: .warning,
            text: "\(run.name) step \(decision.fault.step): \(decision.fault.text); "
              + decision.action.words, time: "", run: run.name, step: decision.fault.step))
      }
    }
    let order = found.enumerated().sorted {
      ($0.element.step ?? 0, $0.offset) < ($1.element.step ?? 0, $1.offset)
    }
    return order.map(\.element).suffix(limit)
  }
}

extension StepAction {
  fileprivate var words: String {
    switch self {
    case .note: "noted"
    case .skip: "its update was left out"
    case .back: "went back to the checkpoint before"
    case .stop: "stopped"
    case .ask: "a person was asked"
    }
  }
}
