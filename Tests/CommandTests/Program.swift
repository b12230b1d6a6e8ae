import Foundation
import Testing

/// The program under test, run as people run it: a process with arguments, pipes and signals.
enum Program {
  /// It lies beside the executable of the tests, made by the same build.
  static let path: String = {
    let own =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("miniplm")
      .path
  }()

  /// How a call ended.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
    /// Whether a signal ended it instead of the program itself.
    var wasKilled: Bool

    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// Standard output as JSON.
    func json() throws -> Any {
      try JSONSerialization.jsonObject(with: Data(output.utf8), options: [.fragmentsAllowed])
    }
  }

  /// Runs it to its end.
  static func run(
    _ arguments: [String], in folder: String = NSTemporaryDirectory(), input: String = "",
    environment: [String: String] = [:]
  ) throws -> Outcome {
    try Running(arguments, in: folder, input: input, environment: environment).end()
  }

  /// Runs lines of a shell to their end; `$MINIPLM` is the program.
  static func shell(_ script: String, in folder: String) throws -> Outcome {
    try Running(["-c", script], in: folder, program: "/bin/bash").end()
  }

  /// Runs what has to succeed.
  @discardableResult
  static func succeed(
    _ arguments: [String], in folder: String, input: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try run(arguments, in: folder, input: input)
    #expect(
      outcome.status == 0, "\(arguments): exit \(outcome.status)\n\(outcome.errors)",
      sourceLocation: sourceLocation)
    return outcome
  }

  /// A call that goes on while the test looks at it.
  final class Running {
    private let process = Process()
    private let files: String

    init(
      _ arguments: [String], in folder: String, input: String = "",
      environment added: [String: String] = [:], program: String = Program.path
    ) throws {
      files = NSTemporaryDirectory() + "miniplm-call-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
      // Files, not pipes: nothing has to be drained while it runs.
      try Data(input.utf8).write(to: URL(fileURLWithPath: files + "/in"))
      for name in ["out", "err"] { try Data().write(to: URL(fileURLWithPath: "\(files)/\(name)")) }
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      var environment = ProcessInfo.processInfo.environment
      environment["COLUMNS"] = "80"
      environment["TERM"] = "dumb"
      environment["MINIPLM"] = Program.path
      // Not those of whoever runs the tests.
      environment["MINIPLM_CONFIG_DIR"] = nil
      environment["XDG_CONFIG_HOME"] = "/nowhere"
      process.environment = environment.merging(added) { $1 }
      process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: files + "/in"))
      process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: files + "/out"))
      process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: files + "/err"))
      try process.run()
    }

    deinit {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      try? FileManager.default.removeItem(atPath: files)
    }

    private func text(_ name: String) -> String {
      String(
        decoding: FileManager.default.contents(atPath: "\(files)/\(name)") ?? Data(), as: UTF8.self)
    }

    var isRunning: Bool { process.isRunning }
    /// Its number in the system.
    var number: Int32 { process.processIdentifier }

    /// Waits until standard error says `text`; false when the program ended before it did.
    func says(_ text: String) -> Bool {
      while process.isRunning {
        if self.text("err").contains(text) { return true }
        usleep(5_000)
      }
      return self.text("err").contains(text)
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits, half a minute at most, until more than so many bytes of memory are in use.
    func uses(bytes: Int) -> Bool {
      for _ in 0..<6000 where process.isRunning {
        // Its second number: resident pages.
        let pages = (try? String(contentsOfFile: "/proc/\(number)/statm", encoding: .utf8))?
          .split(separator: " ").dropFirst().first.flatMap { Int($0) }
        if let pages, pages * sysconf(Int32(_SC_PAGESIZE)) > bytes { return true }
        usleep(5000)
      }
      return false
    }

    func end() -> Outcome {
      process.waitUntilExit()
      return Outcome(
        status: process.terminationStatus, output: text("out"), errors: text("err"),
        wasKilled: process.terminationReason == .uncaughtSignal)
    }
  }
}

/// A folder that goes away with the test.
final class Workplace: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "miniplm-commands-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  func data(_ name: String) -> Data? { FileManager.default.contents(atPath: "\(path)/\(name)") }

  /// Names in a folder, sorted; empty when there is none.
  func names(_ name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)")) ?? []).sorted()
  }
}
