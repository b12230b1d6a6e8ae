import EngineLink
import Foundation
import Glibc
import Store

/// Starts engines in processes of their own, which outlive terminals and screens.
enum BackgroundEngine {
  /// `POSIX_SPAWN_SETSID`, which the C library shows to GNU sources alone: a session of its own has no
  /// terminal, so that none can take it along.
  private static let newSession: Int16 = 0x80

  /// Starts the engine of a project and waits until others can attach to it.
  ///
  /// - Throws: why it could not start, as `BackgroundReply.Failure`, `ExitStatus` or `StoreError`.
  static func start(_ folder: String, _ order: BackgroundOrder) throws -> Int32 {
    let orderPipe = try pipe()
    let replyPipe: (read: Int32, write: Int32)
    do {
      replyPipe = try pipe()
    } catch {
      for end in [orderPipe.read, orderPipe.write] { close(end) }
      throw error
    }
    let process: pid_t
    do {
      defer { for end in [orderPipe.read, replyPipe.write] { close(end) } }
      process = try spawn(
        ["miniplm", "engine", folder], input: orderPipe.read, output: replyPipe.write)
    }
    try? FileHandle(fileDescriptor: orderPipe.write, closeOnDealloc: false)
      .write(contentsOf: JSONEncoder().encode(order))
    close(orderPipe.write)
    let answer = FileHandle(fileDescriptor: replyPipe.read, closeOnDealloc: true)
      .readDataToEndOfFile()
    guard let reply = try? JSONDecoder().decode(BackgroundReply.self, from: answer) else {
      var status: Int32 = 0
      waitpid(process, &status, 0)
      throw ExitStatus(
        code: 1,
        text: "The engine's process ended before it could say why; see \(folder)/engine.log.")
    }
    if let failure = reply.failure { throw failure }
    return process
  }

  private static func spawn(
    _ arguments: [String], input: Int32, output: Int32
  ) throws(StoreError) -> pid_t {
    keepDescriptors()
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawnattr_setflags(&attributes, newSession)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    let reason = posix_spawn(&process, executable, &actions, &attributes, &words, environ)
    guard reason == 0 else {
      throw .system(
        operation: "start", path: "an engine's process", failure: SystemFailure(code: reason))
    }
    return process
  }

  /// This program by its path, for that gives the process its name; the file itself where it has been
  /// replaced meanwhile.
  private static var executable: String {
    let link = "/proc/self/exe"
    let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link)
    return path.flatMap { Folder.exists($0) ? $0 : nil } ?? link
  }

  /// Keeps what this process was given, and has opened, from one that outlives it: whoever waits for the
  /// end of a pipe would wait for the end of the work.
  private static func keepDescriptors() {
    Folder.walk("/proc/self/fd") { name in
      if let descriptor = Int32(name), descriptor > STDERR_FILENO {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      }
      return true
    }
  }

  private static func pipe() throws(StoreError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw .system(operation: "make", path: "a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }
}

extension BackgroundReply.Failure {
  /// The same as a way to leave the program.
  var status: ExitStatus { ExitStatus(code: code, text: "miniplm: \(text)") }
}
