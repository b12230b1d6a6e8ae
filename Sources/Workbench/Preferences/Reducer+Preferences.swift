import TerminalUI

extension ViewState {
  /// Begins as a person wants screens to be.
  mutating func begin(with preferences: Preferences) {
    histogram.bins = preferences.bins ?? histogram.bins
    histogram.isLogarithmic = preferences.logarithmicCounts ?? histogram.isLogarithmic
    train.smoothing = preferences.smoothing ?? train.smoothing
    train.isLogarithmic = preferences.logarithmicLoss ?? train.isLogarithmic
  }
}

extension Reducer {
  /// Takes what a person has changed in files: keys, and of the preferences those that are others now.
  mutating func take(_ news: PersonalNews, before old: Preferences, now: Preferences) {
    state.table = news.settings.table
    state.display.themes = news.settings.themes
    let changed = Preference.all.filter { $0.text(of: old) != $0.text(of: now) }.map(\.name)
    if changed.contains("theme") || news.hasNewThemes {
      state.display.theme = now.theme ?? Theme.neutral.name
      effects.append(.theme(state.display.theme))
    }
    if changed.contains("glyphs"), let glyphs = now.glyphs { state.display.glyphs = glyphs }
    if changed.contains("mouse") {
      state.display.capturesMouse = now.mouse ?? true
      effects.append(.captureMouse(state.display.capturesMouse))
    }
    let usual = ViewState(size: state.size)
    if changed.contains("histogram.bins") {
      state.histogram.bins = now.bins ?? usual.histogram.bins
    }
    if changed.contains("histogram.logarithmic") {
      state.histogram.isLogarithmic = now.logarithmicCounts ?? false
    }
    if changed.contains("curves.smoothing") {
      state.train.smoothing = now.smoothing ?? usual.train.smoothing
    }
    if changed.contains("curves.logarithmic") {
      state.train.isLogarithmic = now.logarithmicLoss ?? false
    }
    say(news.text, isWarning: news.isWarning)
  }
}
