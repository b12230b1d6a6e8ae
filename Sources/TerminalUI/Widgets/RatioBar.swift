/// A scale 0...1 with a handle that keys and mouse move, and named pins.
///
/// `0%|======O-----------| 100%`; pins stand on the line below where there is one.
public struct RatioBar: Widget {
  public struct Pin: Hashable, Sendable {
    public var value: Double
    public var label: String

    public init(_ value: Double, label: String) {
      self.value = value
      self.label = label
    }
  }

  /// Kind of the mouse target: the track.
  public static let hitKind = "ratio"
  public var value: Double
  public var pins: [Pin]

  public init(_ value: Double, pins: [Pin] = []) {
    self.value = value
    self.pins = pins
  }

  /// The value under a column of the track, for `frame.region(RatioBar.hitKind)`; cut to 0...1.
  public static func value(atColumn x: Int, track: Rect) -> Double {
    guard track.width > 1 else { return 0 }
    return min(1, max(0, Double(x - track.x) / Double(track.width - 1)))
  }

  public func draw(on canvas: inout Canvas) {
    let width = canvas.size.width
    let labels = width >= 20
    let track = Rect(
      x: labels ? 3 : 0, y: 0, width: labels ? width - 8 : width, height: 1)
    guard track.width > 0, canvas.size.height > 0 else { return }
    if labels {
      canvas.put("0%", x: 0, y: 0, role: .dim)
      canvas.put("100%", x: width - 4, y: 0, role: .dim)
    }
    let handle = column(value, track: track)
    let line = canvas.glyphs == .ascii ? ("=", "-") : ("━", "─")
    for x in track.x..<track.maxX {
      canvas.put(x < handle ? line.0 : line.1, x: x, y: 0, role: x < handle ? .keep : .dim)
    }
    for pin in pins { canvas.put("|", x: column(pin.value, track: track), y: 0, role: .accent) }
    canvas.put(canvas.glyphs.handle, x: handle, y: 0, style: Style(.accent, .bold))
    canvas.mark(track, as: HitTarget(Self.hitKind))
    drawPins(track, on: &canvas)
  }

  /// Labels under their pins; one that would run into the last is left out.
  private func drawPins(_ track: Rect, on canvas: inout Canvas) {
    guard canvas.size.height > 1 else { return }
    var free = 0
    for pin in pins.sorted(by: { $0.value < $1.value }) {
      let width = VisibleText.width(pin.label)
      let x = min(column(pin.value, track: track), canvas.size.width - width)
      guard x >= free, width > 0 else { continue }
      canvas.put(pin.label, x: x, y: 1, role: .accent)
      free = x + width + 1
    }
  }

  private func column(_ value: Double, track: Rect) -> Int {
    let share = value.isFinite ? min(1, max(0, value)) : 0
    return track.x + Int((share * Double(track.width - 1)).rounded())
  }
}
