import Reports

extension ProjectReport {
  /// Numbers of the paper, where they are asked for.
  func publishedSections() -> [ReportSection] {
    quotesPublished
      ? [ReportSection("Published numbers, for reference", PublishedResults.sections)] : []
  }
}
