extension XYChart {
  private static let widestName = 210.0

  /// The picture in SVG.
  public var svg: String { drawing.svg }

  /// The picture.
  public var drawing: Drawing {
    let text = ChartText(title, subtitle: subtitle, notes: allNotes, width: width)
    let (xRange, yRange) = ranges
    let margin = ChartText.margin
    let named = series.indices.filter { !series[$0].name.isEmpty }
    let besideMost = Int(plotHeight / 16)
    let isBeside = named.count <= besideMost && !named.isEmpty
    let names = named.map { TextWidth.fitted(series[$0].name, size: 12, into: Self.widestName) }
    let widest = names.map { TextWidth.of($0, size: 12) }.max() ?? 0
    let legend =
      isBeside || named.isEmpty
      ? nil : Legend(names: names, width: width - 2 * margin, widest: widest)
    let right = isBeside ? width - margin - widest - 42 : width - margin - 8
    // Rows of the markers' names depend on the frame, whose width does not depend on its top.
    func frame(_ top: Double) -> PlotFrame {
      PlotFrame(
        margin: margin, top: top, right: right, height: plotHeight, x: xRange, y: yRange)
    }
    let marks = MarkerLabels(
      markers, in: frame(0), taken: margin + TextWidth.of(y.label, size: PlotFrame.labelSize))
    let top = text.bottomOfHead + PlotFrame.heightOfYLabel + marks.heightOfMoreRows
    let plot = frame(top)
    let below = plot.bottom + PlotFrame.heightOfXLabels
    let height = below + (legend.map { $0.height + 10 } ?? 0) + text.notesHeight + 12
    var drawing = Drawing(width: width, height: height, title: title, description: subtitle)
    text.draw(on: &drawing)
    plot.draw(on: &drawing, xLabel: x.label, yLabel: y.label, margin: margin)
    marks.draw(on: &drawing, plot)
    drawContent(on: &drawing, plot)
    if isBeside {
      drawNames(names, of: named, on: &drawing, plot)
    } else if let legend {
      legend.draw(on: &drawing, x: margin, y: below + 14, full: named.map { series[$0].name }) {
        drawing, index, x, y in
        swatch(series[named[index]], on: &drawing, x: x, y: y)
      }
    }
    return drawing
  }

  private func drawContent(on drawing: inout Drawing, _ plot: PlotFrame) {
    if !series.contains(where: { $0.points.contains(where: holds) }) {
      drawing.text(
        "no data", (plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2, size: 13,
        colour: Palette.quietText, anchor: .middle)
      return
    }
    let weights = series.map { $0.points.contains { $0.low != nil } ? 3 : 1 }
    let each = max(40, CurveThinning.budget / max(1, weights.reduce(0, +)))
    let order = series.indices.sorted {
      (series[$0].isFaint ? 0 : 1, $0) < (series[$1].isFaint ? 0 : 1, $1)
    }
    let thinned = series.map {
      CurveThinning.thinned($0.points, most: each) { point in
        guard let x = plot.x(point.x), let y = plot.y(point.y) else { return nil }
        return (x, y)
      }
    }
    // All bands lie behind all curves.
    for index in order { drawBand(thinned[index], of: series[index], on: &drawing, plot) }
    for index in order { drawShape(thinned[index], of: series[index], on: &drawing, plot) }
  }

  /// The stretches of a series between points that have no place.
  private func stretches(_ points: [Point]) -> [[Point]] {
    points.split(omittingEmptySubsequences: true) { !holds($0) }.map(Array.init)
  }

  private func drawBand(
    _ points: [Point], of one: Series, on drawing: inout Drawing, _ plot: PlotFrame
  ) {
    let colour = Palette.colour(one.style)
    for stretch in stretches(points) {
      let ends = stretch.compactMap { point -> (x: Double, low: Double, high: Double)? in
        guard let low = point.low, let high = point.high, low <= high,
          let x = plot.heldX(point.x),
          let bottom = plot.heldY(low) ?? (y.scale == .logarithmic && low <= 0 ? plot.bottom : nil),
          let top = plot.heldY(high)
        else { return nil }
        return (x, bottom, top)
      }
      if one.shape == .line || one.shape == .dashedLine {
        drawing.polygon(
          ends.map { ($0.x, $0.high) } + ends.reversed().map { ($0.x, $0.low) }, fill: colour,
          opacity: 0.16)
      } else {
        for end in ends {
          drawing.line(end.x, end.low, end.x, end.high, colour: colour, width: 1.2)
          drawing.line(end.x - 3, end.low, end.x + 3, end.low, colour: colour, width: 1.2)
          drawing.line(end.x - 3, end.high, end.x + 3, end.high, colour: colour, width: 1.2)
        }
      }
    }
  }

  private func drawShape(
    _ points: [Point], of one: Series, on drawing: inout Drawing, _ plot: PlotFrame
  ) {
    let colour = Palette.colour(one.style)
    let opacity = one.isFaint ? 0.35 : 1
    for stretch in stretches(points) {
      let places = stretch.compactMap { point -> (x: Double, y: Double)? in
        guard let x = plot.heldX(point.x), let y = plot.heldY(point.y) else { return nil }
        return (x, y)
      }
      switch one.shape {
      case .line where places.count > 1, .dashedLine where places.count > 1:
        drawing.polyline(
          places, colour: colour, width: one.isFaint ? 1 : 1.8,
          dash: one.shape == .dashedLine ? "6 4" : Palette.dash(one.style), opacity: opacity)
      case .line, .dashedLine:
        for place in places {
          drawing.dot(place.x, place.y, radius: 2.5, colour: colour, opacity: opacity)
        }
      case .dots, .hollowDots:
        for place in places {
          drawing.dot(
            place.x, place.y, radius: 3.5, colour: colour, isHollow: one.shape == .hollowDots,
            opacity: opacity)
        }
      }
    }
  }

  /// Names beside the plot, at the height where their curve ends.
  private func drawNames(
    _ names: [String], of named: [Int], on drawing: inout Drawing, _ plot: PlotFrame
  ) {
    let ends = named.map { index -> (x: Double, y: Double) in
      let last = series[index].points.last(where: holds)
      guard let last, let x = plot.heldX(last.x), let y = plot.heldY(last.y) else {
        return (plot.left, plot.bottom)
      }
      return (x, y)
    }
    guard
      let places = LabelPlaces.spread(
        ends.map(\.y), gap: 16, room: plot.top + 4...max(plot.top + 4, plot.bottom - 2))
    else { return }
    for (position, index) in named.enumerated() {
      let (end, place) = (ends[position], places[position])
      // A leader only where it starts at the curve.
      if plot.right - end.x < 4 {
        drawing.line(plot.right + 2, end.y, plot.right + 14, place, colour: Palette.cardEdge)
      }
      swatch(series[index], on: &drawing, x: plot.right + 16, y: place)
      drawing.text(names[position], plot.right + 40, place + 4, full: series[index].name)
    }
  }

  /// A piece of what a series looks like, 18 wide.
  private func swatch(_ one: Series, on drawing: inout Drawing, x: Double, y: Double) {
    let colour = Palette.colour(one.style)
    switch one.shape {
    case .line, .dashedLine:
      drawing.line(
        x, y, x + 18, y, colour: colour, width: 2.2,
        dash: one.shape == .dashedLine ? "6 4" : Palette.dash(one.style))
    case .dots, .hollowDots:
      drawing.dot(x + 9, y, radius: 3.5, colour: colour, isHollow: one.shape == .hollowDots)
    }
  }
}
