import EngineInterface
import TerminalUI

extension Action {
  static let note = Action(
    "note", [.character("m")], "note on the chunk, kept with the project", label: "note",
    notNow: { state in
      state.screen.view.selectedChunk(state) == nil ? "No chunk is selected." : nil
    },
    does: { $0.askForNote() })
}

extension Reducer {
  fileprivate mutating func askForNote() {
    guard let chunk = state.screen.view.selectedChunk(state) else { return }
    state.prompt = Prompt("note on chunk \(chunk) (empty = none): ", text: note(on: chunk)) {
      text, reducer in
      reducer.send(.setNote(chunk: chunk, text))
      reducer.say(
        text.compact.isEmpty
          ? "No note on chunk \(chunk)." : "Noted; it goes into the card of a commit.")
      return nil
    }
  }

  /// What is written about a chunk, as far as the screen knows.
  private func note(on chunk: Int) -> String {
    let rows =
      (state.engine.chunk.map { [$0.row] } ?? []) + (state.engine.selection?.border ?? [])
      + (state.engine.rows?.rows ?? [])
    return rows.first { $0.index == chunk }?.note ?? ""
  }
}

extension RowText {
  /// What is written about a chunk, and how its text begins, or the part of it that holds what is sought.
  static func words(
    _ row: ChunkRow, role: StyleRole = .dim, sought: [String] = []
  ) -> StyledText {
    // Room is short: the blanks of an indented line say nothing.
    let begun = flat(row.preview).drop { $0 == " " }
    let text = SoughtText.excerpt(String(begun), sought)
    return StyledText(row.note.isEmpty ? "" : "[\(flat(row.note))] ", .accent)
      + SoughtText.marked(text, sought, role: role)
  }
}
