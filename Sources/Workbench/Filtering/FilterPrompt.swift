import EngineInterface
import TerminalUI

extension Prompt {
  /// A line for a filter: it is shown while it is typed, mistakes are marked, fields and names offered.
  ///
  /// - Parameters:
  ///   - before: the filter in force, to which terms may be added.
  ///   - history: filters that were typed earlier, the newest last.
  ///   - names: by name field, the real names and how many rows have them.
  ///   - show: lists by a filter; nil: everything.
  ///   - keep: remembers a filter that was taken.
  static func filter(
    before: Filter?, history: [String], fields: [FilterField],
    names: @escaping @Sendable (ViewState) -> [String: [(name: String, count: Int)]],
    note: @escaping @Sendable (ViewState) -> String,
    show: @escaping @Sendable (Filter?, inout Reducer) -> Void,
    keep: @escaping @Sendable (String, inout Reducer) -> Void
  ) -> Prompt {
    @Sendable func wanted(_ filter: Filter) -> Filter? { filter.isEverything ? nil : filter }
    var prompt = Prompt("filter: ", text: before.map { "\($0) " } ?? "") { text, reducer in
      do throws(FilterError) {
        let filter = try Filter(text, fields: fields)
        show(wanted(filter), &reducer)
        if !filter.isEverything { keep("\(filter)", &reducer) }
        return nil
      } catch {
        return error.reason
      }
    }
    prompt.changed = { text, reducer in
      if let filter = try? Filter(text, fields: fields) { show(wanted(filter), &reducer) }
    }
    prompt.choices = { field, state in
      FilterCompletion(field.text, cursor: field.cursor, fields: fields, names: names(state))
    }
    prompt.fault = { FilterError(of: $0, fields: fields) }
    prompt.note = note
    prompt.history = history
    return prompt
  }

  /// With one more typed line: each once, fifty at most.
  static func history(_ earlier: [String], adding text: String) -> [String] {
    Array((earlier.filter { $0 != text } + [text]).suffix(50))
  }
}
