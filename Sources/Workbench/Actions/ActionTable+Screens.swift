import TerminalUI

extension ActionTable {
  /// Actions that hold on some screens only.
  static let onOneScreen: [Action] = lists + histograms + selection + document + results

  private static let lists: [Action] = [
    Action(.search, [.character("/")], "show documents that contain a text", on: [.corpus]),
    Action(.searchNext, [.character("n")], "next document", on: [.corpus]),
    Action(.searchPrevious, [.character("N")], "document before", on: [.corpus]),
    Action(.filterSource, [.character("f")], "show one source only", on: [.corpus]),
    Action(
      .sortDocuments, [.character("s")], "order: corpus, tokens, difference", on: [.corpus],
      mouse: "click a column head"),
    Action(.study, [.character("u")], "count equal texts, lengths, scripts; end it", on: [.corpus]),
  ]

  private static let histograms: [Action] = [
    Action(.bins, [.character("b")], "number of bins", on: [.score], mouse: "wheel on the plot"),
    Action(
      .moreBins, [.character("+")], "more bins", on: [.score, .select], mouse: "wheel on the plot"),
    Action(
      .fewerBins, [.character("-")], "fewer bins", on: [.score, .select],
      mouse: "wheel on the plot"),
    Action(.logAxis, [.character("L")], "logarithmic axis", on: [.score, .select, .train]),
  ]

  private static let selection: [Action] = [
    Action(
      .ratioDown, [.character("[")], "ratio down by 0.01", on: [.score, .select],
      mouse: "drag the bar or the threshold"),
    Action(
      .ratioUp, [.character("]")], "ratio up by 0.01", on: [.score, .select],
      mouse: "drag the bar or the threshold"),
    Action(.ratioDownFine, [.character("{")], "ratio down by 0.001", on: [.score, .select]),
    Action(.ratioUpFine, [.character("}")], "ratio up by 0.001", on: [.score, .select]),
    Action(.ratioType, [.character("=")], "type a ratio or a threshold", on: [.score, .select]),
    Action(.pinA, [.character("A")], "go to pin A, or set it", on: [.select]),
    Action(.pinB, [.character("B")], "go to pin B, or set it", on: [.select]),
    Action(.pinAgain, [.character("P")], "pin anew: then A or B", on: [.select]),
    Action(.border, [.character("b")], "to the last kept one", on: [.select]),
    Action(
      .flip, [.space], "keep or drop by hand", on: [.select, .document],
      mouse: "click the K or D"),
    Action(.floor, [.character("F")], "floor of a source", on: [.select]),
  ]

  private static let document: [Action] = [
    Action(.previousDocument, [.character("h"), .left], "document before", on: [.document]),
    Action(.nextDocument, [.character("l"), .right], "next document", on: [.document]),
    Action(
      .colour, [.character("c")], "colour: difference, teacher, reference, none", on: [.document]),
    Action(.tokenOrder, [.character("t")], "tokens by size or by place", on: [.document]),
  ]

  private static let results: [Action] = [
    Action(.dryRun, [.character("d")], "work out again what would be written", on: [.commit]),
    Action(
      .precision, [.character("P")], "precision and memory of the models", on: [.models, .train]),
    Action(.checkpoint, [.character("C")], "write a checkpoint now", on: [.models, .train]),
    Action(.smoothing, [.character("s")], "smoothing of the curves", on: [.models, .train]),
    Action(.xAxis, [.character("X")], "x axis: tokens or steps", on: [.models, .train]),
    Action(.lossKind, [.character("t")], "held-out loss or training loss", on: [.train]),
    Action(
      .zoomIn, [.character("+")], "zoom to the newest half", on: [.train],
      mouse: "wheel on the plot"),
    Action(.zoomOut, [.character("-")], "zoom out", on: [.train], mouse: "wheel on the plot"),
    Action(.metric, [.character("m")], "loss or perplexity", on: [.compare]),
    Action(
      .relative, [.character("d")], "difference in nats or in per cent", on: [.compare]),
    Action(.sortRows, [.character("s")], "order: table, difference, name", on: [.compare]),
    Action(.report, [.character("w")], "write the report into the project", on: [.compare]),
  ]
}
