import Foundation
import Glibc

/// The program on a terminal of its own, as a person sees it: it leads a session that the terminal
/// controls, so that closing the terminal hangs it up, and an emulator shows what it draws.
final class TerminalProgram {
  private var master: Int32
  private var slave: Int32
  private var shown: [UInt8] = []
  private var status: Int32?
  let number: Int32
  private(set) var emulator: Emulator
  /// The line settings before the program ran.
  let settingsBefore: termios
  /// Answers to what a program asks of its terminal, by question; nothing else is answered.
  var answers: [String: String] = [:]

  struct NoTerminal: Error {}

  init(
    _ arguments: [String], in folder: String, columns: Int = 100, rows: Int = 30,
    terminal: String = "xterm-256color", environment added: [String: String] = [:]
  ) throws {
    let own = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, index) = (CInt(0), CUnsignedInt(0))
    // Unlock, and which number it has.
    guard own >= 0, ioctl(own, 0x4004_5431, &locked) == 0, ioctl(own, 0x8004_5430, &index) == 0
    else { throw NoTerminal() }
    let path = "/dev/pts/\(index)"
    // Held open, so that settings can be read when the program has gone.
    slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { throw NoTerminal() }
    master = own
    _ = fcntl(own, F_SETFL, O_NONBLOCK)
    emulator = Emulator(width: columns, height: rows)
    var settings = termios()
    tcgetattr(slave, &settings)
    settingsBefore = settings
    Self.setSize(own, columns, rows)

    var environment = ProcessInfo.processInfo.environment
    for name in ["COLUMNS", "LINES", "COLORTERM", "COLORFGBG", "NO_COLOR", "TMUX"] {
      environment[name] = nil
    }
    environment["TERM"] = terminal
    environment["MINIPLM_CONFIG_DIR"] = nil
    environment["XDG_CONFIG_HOME"] = "/nowhere"
    environment["LC_ALL"] = "C.UTF-8"
    environment.merge(added) { $1 }
    number = try Self.spawn(arguments, in: folder, environment: environment, terminal: path)
  }

  /// Starts the program at the head of a session; the first terminal that it opens controls it.
  private static func spawn(
    _ arguments: [String], in folder: String, environment: [String: String], terminal: String
  ) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    let newSession: Int16 = 0x80
    posix_spawnattr_setflags(&attributes, newSession | Int16(POSIX_SPAWN_SETSIGMASK))
    var process: pid_t = 0
    // The shell only goes to the folder: the program takes its place and its number.
    let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder, Program.path]
    var words = (shell + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    guard posix_spawn(&process, shell[0], &actions, &attributes, &words, &variables) == 0
    else { throw NoTerminal() }
    return process
  }

  deinit {
    if status == nil {
      kill(number, SIGKILL)
      waitpid(number, nil, 0)
    }
    hangUp()
    close(slave)
  }

  // MARK: what it shows

  /// Takes what has been drawn, or so many bytes of it; a terminal that nobody reads would keep the
  /// program waiting.
  func drain(limit: Int = .max) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var rest = limit
    while master >= 0 && rest > 0 {
      let count = read(master, &buffer, min(rest, buffer.count))
      if count <= 0 { break }
      rest -= count
      shown += buffer[..<count]
      emulator.feed(buffer[..<count])
      for question in emulator.takeQuestions() {
        if let answer = answers[question] { type(answer) }
      }
    }
  }

  /// All that was drawn, as it came.
  var text: String { String(decoding: shown, as: UTF8.self) }
  /// How many bytes were drawn.
  var count: Int { shown.count }

  private static let patience = Duration.seconds(60)

  /// Waits, a minute at most, until something is so; false if it does not come or the program ends.
  func waits(until isSo: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + Self.patience
    while ContinuousClock.now < deadline {
      drain()
      if isSo() { return true }
      if hasEnded {
        drain()
        return isSo()
      }
      usleep(5_000)
    }
    return false
  }

  /// Waits until `text` stands on the screen, or has been drawn in one piece.
  func shows(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    var from = 0
    return waits {
      if emulator.text.contains(text) { return true }
      let new = shown[max(0, from - wanted.count)...]
      from = shown.count
      return String(decoding: new, as: UTF8.self).contains(text)
    }
  }

  /// Waits until nothing has been drawn for a while.
  func settles(milliseconds: Int = 400) -> Bool {
    var last = (count: -1, time: ContinuousClock.now)
    return waits {
      if shown.count != last.count { last = (shown.count, .now) }
      return ContinuousClock.now - last.time > .milliseconds(milliseconds)
    }
  }

  // MARK: what a person does

  /// Types bytes; the program is read meanwhile, for it may answer before it has taken all.
  func type(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty && master >= 0 {
      let count = bytes.withUnsafeBytes { write(master, $0.baseAddress, min(4096, $0.count)) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else {
        if hasEnded { return }
        drain()
        usleep(1_000)
      }
    }
  }

  func signal(_ signal: Int32) { kill(number, signal) }

  func resize(columns: Int, rows: Int) {
    drain()
    emulator.resize(width: columns, height: rows)
    Self.setSize(master, columns, rows)
  }

  private static func setSize(_ terminal: Int32, _ columns: Int, _ rows: Int) {
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
  }

  /// Closes the terminal, as a window is closed.
  func hangUp() {
    if master >= 0 { close(master) }
    master = -1
  }

  // MARK: how it ends

  private var hasEnded: Bool {
    if status != nil { return true }
    var word: Int32 = 0
    guard waitpid(number, &word, WNOHANG) == number else { return false }
    // What the macros of wait(2) say: the low bits are the signal.
    status = word & 0x7F != 0 ? -(word & 0x7F) : word >> 8 & 0xFF
    return true
  }

  /// The exit status, or the negative number of the signal; one that does not end within a minute is
  /// killed.
  func end() -> Int32 {
    let deadline = ContinuousClock.now + Self.patience
    while !hasEnded {
      drain()
      if ContinuousClock.now > deadline { kill(number, SIGKILL) }
      usleep(5_000)
    }
    drain()
    return status ?? 0
  }

  /// Whether the line's settings are those from before.
  var hasSettingsBack: Bool {
    var now = termios()
    tcgetattr(slave, &now)
    let before = settingsBefore
    return now.c_iflag == before.c_iflag && now.c_oflag == before.c_oflag
      && now.c_cflag == before.c_cflag && now.c_lflag == before.c_lflag
      && withUnsafeBytes(of: now.c_cc) { one in
        withUnsafeBytes(of: before.c_cc) { one.elementsEqual($0) }
      }
  }
}
