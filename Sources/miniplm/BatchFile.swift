import DifferenceSampling
import Engine
import Foundation
import Store
import Workbench

/// A file of changes of a selection, a line each: lines of a project's recipe.jsonl, or lines of the
/// palette; "-" is standard input.
struct BatchFile {
  let path: String
  private let text: String

  init(_ path: String) throws {
    self.path = path
    let data = try FileContents.readStream(path == "-" ? "/dev/stdin" : path)
    guard let text = String(validating: data, as: UTF8.self) else {
      throw RecipeError.unreadable(path: path, line: 1, reason: "the file is no UTF-8 text")
    }
    self.text = text
  }

  /// The lines, read and checked; blank ones and those that begin with # say nothing.
  func lines(_ names: PaletteNames) throws -> [RecipeLine] {
    var lines: [RecipeLine] = []
    let all = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (place, line) in all.enumerated() {
      let words = line.trimmingCharacters(in: .whitespaces)
      if words.isEmpty || words.hasPrefix("#") { continue }
      lines.append(
        RecipeLine(number: place + 1, step: try step(words, names, line: place + 1)))
    }
    return lines
  }

  /// `{"command": "ratio 0.3"}`: a line of the palette where every line has to be JSON.
  private struct Command: Decodable { var command: String }

  private func step(_ words: String, _ names: PaletteNames, line: Int) throws -> RecipeStep {
    guard words.hasPrefix("{") else { return try step(of: words, names, line) }
    let data = Data(words.utf8)
    if let line = try? JSONDecoder().decode(SelectionChange.self, from: data) {
      return .change(line)
    }
    if let given = try? JSONDecoder().decode(Command.self, from: data) {
      return try step(of: given.command, names, line)
    }
    throw unreadable(
      line, "expected a line of a recipe.jsonl, which has settings and title, found other JSON")
  }

  private func step(
    of words: String, _ names: PaletteNames, _ line: Int
  ) throws -> RecipeStep {
    let command: PaletteCommand
    do {
      command = try PaletteCommand(words, names: names)
    } catch {
      throw unreadable(line, "\(error.reason) (character \(error.column + 1))")
    }
    if let change = command.selectionChange { return .command(change) }
    switch command {
    case .commit: return .commit
    case .note(let chunk?, let text): return .note(chunk: chunk, text: text)
    case .note: throw unreadable(line, "a note needs its chunk here: note #12 WORDS")
    default:
      let verb = words.prefix { !$0.isWhitespace }
      throw unreadable(line, "\(verb) is of screens, and changes no selection")
    }
  }

  private func unreadable(_ line: Int, _ reason: String) -> RecipeError {
    .unreadable(path: path, line: line, reason: reason)
  }
}
