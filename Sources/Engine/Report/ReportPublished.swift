import Reports
import ScalingLaws

extension ProjectReport {
  /// Numbers of the paper, where they are asked for.
  func publishedSections() -> [ReportSection] {
    guard quotesPublished else { return [] }
    let laws = ReportTable(
      [
        .init("published: size", isText: true), .init("method", isText: true),
        .init("loss at 1T tokens"), .init("at 10T"), .init("A"), .init("alpha"), .init("L_inf"),
        .init("FLOPs of 1T tokens"),
      ],
      PublishedLaw.all.map {
        [
          .text($0.size), .text($0.method), .number($0.lossAt1T, 2), .number($0.lossAt10T, 2),
          .significant($0.A, 3), .number($0.alpha, 2), .number($0.L_inf, 2),
          .significant($0.computeAt1T, 3),
        ]
      })
    return [
      ReportSection(
        "Published numbers, for reference",
        PublishedResults.blocks + [
          .paragraph("Losses on DCLM and their law, L(C) = A / C^alpha + L_inf (table 2):"),
          .table(laws, file: "published-loss.csv"),
        ])
    ]
  }
}
