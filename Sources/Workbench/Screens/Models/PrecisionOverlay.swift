import EngineInterface
public import TerminalUI

extension Overlay {
  public static func precision(_ list: ListState) -> Overlay {
    .list(ListOverlayID(PrecisionOverlay.self), list)
  }
}

/// What the models compute in. The engine writes a choice into the project, or says why not.
enum PrecisionOverlay: ListOverlay {
  static let hitKind = "precision"
  static let toggle = Action.precision

  static func options(_ state: ViewState) -> [PrecisionSnapshot.Option] {
    state.engine.models?.precision?.options ?? []
  }

  static func count(_ state: ViewState) -> Int { options(state).count }

  /// Stays open: what the engine makes of a choice is seen here.
  static func choose(_ row: Int, _ reducer: inout Reducer) {
    if let option = options(reducer.state)[safe: row] {
      reducer.send(.setPrecision(option.choice))
    }
  }

  /// What is in force, in a few words.
  static func summary(_ state: ViewState) -> StyledText {
    guard let precision = state.engine.models?.precision else { return [] }
    return StyledText(
      "\(state.key(.precision)): scoring \(name(precision.scoring, precision.scoringInForce)), training "
        + name(precision.training, precision.trainingInForce)
        + (precision.blockCheckpointing ? ", block checkpointing" : ""))
  }

  /// "bf16", or "auto (bf16)".
  private static func name(_ format: NumberFormat, _ inForce: NumberFormat?) -> String {
    guard format == .auto, let inForce else { return format.rawValue }
    return "auto (\(inForce.rawValue))"
  }

  /// The same about training alone.
  static func training(_ state: ViewState) -> StyledText {
    guard let precision = state.engine.models?.precision else { return [] }
    return StyledText(
      "\(state.key(.precision)): \(name(precision.training, precision.trainingInForce))"
        + (precision.blockCheckpointing ? ", checkpointed" : ""))
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let options = options(state)
    let rect = canvas.bounds.centred(
      Size(width: 70, height: min(options.count + 9, state.size.height - 2)))
    let area = canvas.box(
      rect, title: "Precision", footer: state.chooseHint, isFocused: true)
    canvas.inside(area) { view in
      let rows = view.bounds.rows([.fixed(options.count + 1), .fixed(1), .fill()])
      let table = Table(
        columns: [
          TableColumn("", width: .fixed(3)), TableColumn("", width: .fixed(8)),
          TableColumn("what", width: .fill()), .number("memory", width: 8),
        ],
        rowCount: options.count, state: list, hitKind: hitKind
      ) { cells(options[$0], state) }
      view.draw(table, in: rows[0])
      let selected = options[safe: list.selected]
      let why: StyledText =
        selected?.obstacle.map { StyledText($0, .warn) }
        ?? StyledText(selected.map(explanation) ?? "The project is not open yet.", .dim)
      let lines = TextWrap.lines(why, width: rows[2].width, limit: rows[2].height)
      for (index, line) in lines.enumerated() {
        view.put(line, x: 0, y: rows[2].y + index, width: rows[2].width)
      }
    }
  }

  private static func cells(
    _ option: PrecisionSnapshot.Option, _ state: ViewState
  ) -> [StyledText] {
    let role: StyleRole = option.obstacle == nil ? .text : .dim
    let memory = StyledText(option.bytes.map(RowText.bytes) ?? "-", role)
    func mark(_ isOn: Bool) -> StyledText { isOn ? StyledText("(*)", .accent) : "( )" }
    switch option.choice {
    case .scoring(let format):
      return [mark(option.isInForce), "scoring", StyledText(format.rawValue, role), memory]
    case .training(let format):
      return [mark(option.isInForce), "training", StyledText(format.rawValue, role), memory]
    case .blockCheckpointing(let isOn):
      // The row names what Enter leads to; the mark says what holds now.
      let text = isOn ? "turn block checkpointing on" : "turn block checkpointing off"
      return [
        isOn ? "[ ]" : StyledText("[x]", .accent), "training", StyledText(text, role), memory,
      ]
    }
  }

  private static func explanation(_ option: PrecisionSnapshot.Option) -> String {
    switch option.choice {
    case .scoring(.auto):
      "The fastest that a probe of the corpus shows to keep ranks and selection, chosen once."
    case .training(.auto):
      "bf16 where this processor trains in it and the models gain by it, else f32; chosen once."
    case .scoring(.f32): "The reference. Teacher and reference score in it."
    case .scoring(.bf16): "Half the bytes; faster where the processor multiplies bf16."
    case .scoring(.int8): "A quarter of the bytes; deviates most from f32."
    case .training(.bf16): "Products in bf16; weights, gradients and moments stay f32."
    case .training: "The reference."
    case .blockCheckpointing:
      "Activations are computed again in the backward pass: less memory, more work, same bits."
    }
  }
}
