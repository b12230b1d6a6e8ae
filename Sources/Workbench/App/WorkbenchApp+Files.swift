import EngineInterface
import TerminalUI

/// What the workbench writes and reads besides the engine: settings, how the screens stand, exports.
extension WorkbenchApp {
  /// A choice of the settings: it holds before what the command line said.
  func prefer(_ name: String, _ value: String) {
    if name == "theme" {
      layers[.option].theme = nil
      layers[.project].theme = state.memory.theme
    }
    guard let files else { return }
    do {
      try files.write(name, value)
      // The file's own news would only repeat it.
      for origin in [PreferenceOrigin.configuration, .environment] {
        layers[origin] = files.settings.layers[origin]
      }
    } catch {
      state.message = Message(text: "\(error)", isWarning: true, time: state.clock)
    }
  }

  /// A setting that was typed: it holds as if the file had been edited.
  func set(_ name: String, _ typed: String) {
    guard let preference = Preference.named(name) else {
      let text = PreferenceFile.unknown(name, among: Preference.all.map(\.name), kind: "setting")
      return handle(.answered(text, isWarning: true))
    }
    guard let value = preference.toml(of: typed) else {
      let text = "\(name) is '\(typed)', expected \(preference.expected)."
      return handle(.answered(text, isWarning: true))
    }
    guard let files else { return handle(.answered("There are no files here.", isWarning: true)) }
    do {
      try files.write(name, value)
      let before = layers.effective
      layers[.configuration] = files.settings.layers[.configuration]
      let news = PersonalNews(
        settings: files.settings,
        text: "\(name) is \(value) from now on (\(PreferenceFile.name)).")
      handle(.personal(news, before: before, now: layers.effective))
    } catch {
      handle(.answered("\(error)", isWarning: true))
    }
  }

  /// Takes what a person has edited, and keeps how the screens stand once nobody touches them.
  func lookAtFiles() {
    guard let files, clock.now - lastLook >= Self.lookTime else { return }
    lastLook = clock.now
    if let news = files.changes() {
      let before = layers.effective
      layers[.configuration] = news.settings.layers[.configuration]
      handle(.personal(news, before: before, now: layers.effective))
    }
    if hasBeenTouched, let lastInput, clock.now - lastInput >= Self.lookTime {
      hasBeenTouched = false
      remember()
    }
  }

  /// Writes how the screens stand, if that has changed and this screen may steer.
  func remember() {
    guard let files, layers.effective.remembers != false, state.engine.project != nil,
      state.engine.link?.isReadOnly != true
    else { return }
    let text = ViewMemory.text(of: state, from: beginning)
    guard text != writtenView else { return }
    do {
      try files.write(view: text)
      writtenView = text
    } catch {
      if hasFailedToWrite { return }
      hasFailedToWrite = true
      state.message = Message(text: "\(error)", isWarning: true, time: state.clock)
      isDirty = true
    }
  }

  func export(_ order: ExportOrder) -> ExportAnswer {
    guard let write else { return .failed("There are no files here.") }
    let text = ExportText.text(order, state, theme: terminal.theme)
    return write(order, text, state.engine.project?.folder)
  }
}
