/// The colours of pictures: dark text on a white card, so that a dark page around it does no harm.
///
/// The series colours are those of Okabe and Ito's set for all kinds of colour vision ("Color
/// Universal Design", 2008) that stand out from white; its yellow does not.
public enum Palette {
  public static let text = "#1f2328"
  public static let quietText = "#59636e"
  public static let axis = "#8c959f"
  public static let grid = "#e6eaef"
  public static let card = "#ffffff"
  public static let cardEdge = "#d1d9e0"
  /// What was kept.
  public static let kept = "#0072b2"
  /// What was dropped: grey, so that the kept part speaks.
  public static let dropped = "#b6bec8"
  /// Of points, where the light grey would vanish.
  static let droppedDark = "#6e7781"
  public static let threshold = "#d55e00"

  static let series = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#4d4d4d",
  ]
  /// Patterns of lines: where colours come again, they come with another one.
  static let dashes = ["", "7 3", "2 3", "10 3 2 3", "4 2"]

  /// The colour of the series with this number, from 0.
  public static func colour(_ number: Int) -> String { series[max(0, number) % series.count] }

  /// The dash pattern of the series with this number; empty for a solid line.
  public static func dash(_ number: Int) -> String {
    dashes[max(0, number) / series.count % dashes.count]
  }
}
