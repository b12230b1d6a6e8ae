import CCurses

/// What the terminal says of itself.
extension CursesTerminal {
  /// Takes what concerns the screen alone; true for what the workbench must hear.
  func take(_ report: TerminalReport) -> Bool {
    switch report {
    case .attributes:
      isAsking = false
      return true
    case .ground(let ground):
      self.ground = ground
      return modes.watchesGround
    case .keyboard:
      // A second answer must not push a second time.
      guard !modes.hasKittyKeyboard else { return false }
      modes.hasKittyKeyboard = true
      guardModes()
      send(TerminalModes.keyboardOn)
    case .mode(2026, isKnown: true):
      modes.hasSynchronizedOutput = true
      guardModes()
    case .mode(2031, isKnown: true):
      modes.hasGroundReports = true
      guardModes()
      if modes.watchesGround { send(TerminalModes.groundReportsOn) }
    case .mode: break
    }
    return false
  }

  /// What a crash has to switch off.
  func guardModes() {
    let restore = Array(modes.restore.utf8).map { CChar(bitPattern: $0) }
    cc_guard_set_restore(restore, restore.count)
  }

  public func watchGround(_ isOn: Bool) {
    guard isOpen, isOn != modes.watchesGround else { return }
    modes.watchesGround = isOn
    guard isOn else {
      if modes.hasGroundReports { send("\u{1B}[?2031l") }
      return
    }
    ask()
    if modes.hasGroundReports { send(TerminalModes.groundReportsOn) }
  }

  /// Asks; `isAsking` until the terminal has answered what every terminal answers.
  func ask() {
    let questions = modes.questions(aboutGround: modes.watchesGround)
    isAsking = !questions.isEmpty
    send(questions)
  }
}
