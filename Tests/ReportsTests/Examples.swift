import Foundation
import Reports

/// Pictures as they come, and as they should never come.
enum Examples {
  /// A noisy falling curve; the same for the same seed.
  static func curve(_ count: Int, end: Double, seed: UInt64) -> [XYChart.Point] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let noise = Double(state >> 40) / Double(1 << 24) - 0.5
      let x = Double(index + 1)
      let y = end + 5 * pow(x, -0.4) + noise * 0.1
      return XYChart.Point(x, y, low: y - 0.15, high: y + 0.15)
    }
  }

  static func losses(runs: Int, points: Int, name: (Int) -> String) -> XYChart {
    XYChart(
      title: "Training loss", subtitle: "Moving mean over 25 logged steps; band: 10 to 90 %.",
      x: ChartAxis("step"), y: ChartAxis("loss (nats per token)"),
      series: (0..<runs).map {
        .init(
          name($0), curve(points, end: 3 + Double($0) * 0.21, seed: UInt64($0 + 1)), style: $0)
      })
  }

  static func scaling() -> XYChart {
    func law(_ c: Double, _ a: Double, _ alpha: Double, _ floor: Double) -> Double {
      a / pow(c, alpha) + floor
    }
    let methods = [("conventional", 2.19e7, 0.41, 3.30), ("refined", 8.56e10, 0.59, 3.25)].map {
      name, a, alpha, floor in
      ScalingChart.Method(
        name,
        points: (1...8).map { index in
          let c = 1e19 * pow(2, Double(index) * 0.8)
          return .init(c, law(c, a, alpha, floor) + (index % 2 == 0 ? 0.01 : -0.01))
        },
        law: ScalingChart.computations(from: 1.7e19, to: 2e22).map { c in
          let l = law(c, a, alpha, floor)
          let half = 0.01 + 0.03 * max(0, log10(c / 8e20))
          return .init(c, l, low: l - half, high: l + half)
        })
    }
    return ScalingChart(
      title: "Scaling law", subtitle: "L(C) = A / C^alpha + L∞; band: 95 % of 1,000 bootstraps.",
      methods: methods, markers: [.init(1.26e21, "1T tokens"), .init(1.26e22, "10T tokens")]
    ).chart
  }

  static func histogram(_ scale: Int = 1) -> HistogramChart {
    let counts = (0..<70).map { bin in
      let z = (Double(bin) - 30) / 9
      return Int(exp(-z * z / 2) * 4000) * scale
    }
    let kept = counts.enumerated().map { $0.offset >= 31 ? $0.element : 0 }
    return HistogramChart(
      title: "Difference scores", subtitle: "Loss of the reference minus loss of the teacher.",
      xLabel: "difference (nats per token)", yLabel: "chunks",
      bins: .init(
        start: -0.6, width: 0.03, kept: kept, dropped: zip(counts, kept).map { $0 - $1 }),
      threshold: -0.6 + 31 * 0.03, thresholdName: "kept from 0.330")
  }

  static func density(_ count: Int) -> DensityChart {
    var grid = DensityGrid(x: 1...9, y: 1...9)
    var state: UInt64 = 7
    func draw() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    for _ in 0..<count {
      let x = 1.5 + 5 * (draw() + draw() + draw()) / 3 * 1.2
      let difference = 0.4 * (draw() + draw() + draw() - 1.5) + 0.3
      grid.add(x: x, y: x + difference, isKept: difference > 0.3)
    }
    return DensityChart(
      title: "Teacher against reference", subtitle: "Every chunk of the scored corpus.",
      xLabel: "teacher loss (nats per token)", yLabel: "reference loss (nats per token)",
      grid: grid,
      diagonals: [
        .init(offset: 0, name: "equal losses", colour: Palette.text),
        .init(offset: 0.3, name: "threshold: difference 0.300", colour: Palette.threshold),
      ])
  }

  static func tasks(published: Bool = true) -> TaskTable {
    let names = [
      "HellaSwag", "LAMBADA", "WinoGrande", "OpenBookQA", "ARC-easy", "ARC-challenge", "PIQA",
      "SIQA", "StoryCloze",
    ]
    func model(_ name: String, _ base: Double, _ isPublished: Bool) -> TaskTable.Model {
      TaskTable.Model(
        name,
        Dictionary(
          uniqueKeysWithValues: names.enumerated().map { index, task in
            (
              task,
              .init(
                base + Double(index * 37 % 23) / 100,
                standardError: isPublished ? nil : 0.004 + Double(index) * 0.002)
            )
          }), isPublished: isPublished)
    }
    return TaskTable(
      tasks: names,
      models: [model("conventional", 0.31, false), model("refined", 0.327, false)]
        + (published ? [model("MiniPLM 200M", 0.33, true)] : []))
  }

  static func intervals() -> IntervalChart {
    IntervalChart(
      title: "Refined against uniform student", subtitle: "Paired difference, 95 % interval.",
      xLabel: "difference of the held-out loss (nats per token)", series: ["B - A"],
      rows: [
        ("law", -0.213, 0.064), ("prose", -0.11, 0.017), ("manual", -0.083, 0.027),
        ("documentation", -0.021, 0.021), ("code", 0.025, 0.026), ("dictionary", 0.197, 0.022),
      ].map { .init($0.0, [.init($0.1, halfWidth: $0.2)]) }, marksZero: true)
  }

  static func bars() -> BarChart {
    BarChart(
      title: "Keep rate by source", xLabel: "share of the chunks that is kept (%)",
      bars: [
        ("law", 67), ("prose", 62), ("manual", 49), ("code", 48), ("documentation", 46),
        ("dictionary", 28),
      ].map { .init($0.0, $0.1, "\(Int($0.1)) %") }, end: 100,
      reference: .init(50, "whole corpus 50 %"))
  }
}
