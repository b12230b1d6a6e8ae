import Corpus
import CorpusStudy
import DifferenceSampling
import EngineInterface
import Numerics
import Store
import Tokenizers

/// What opening a packed corpus reads.
struct OpenedCorpus: Sendable {
  let library: ChunkLibrary
  /// Lines about the other parts.
  let facts: [String]
  /// What a study found; nil without one.
  let report: StudyReport?
  /// The changes of the selection so far, or why they cannot be read.
  let recipe: Result<[SelectionChange], StageFailure>
  /// Why the notes on chunks cannot be read; nil when they can.
  private(set) var badNotes: String?

  init(_ folder: ProjectFolder, _ settings: ProjectSettings) throws {
    var library = try ChunkLibrary(folder, settings)
    // What is damaged is told when it is written to, and never written over.
    do { library.notes = try ChunkNotes(path: folder.notes) } catch { badNotes = "\(error)" }
    self.library = library
    report = try? StudyReport.read(folder: library.shards.folder)
    do {
      recipe = .success(try JSONLinesLog.read(SelectionChange.self, from: folder.recipe))
    } catch {
      recipe = .failure(StageFailure(error))
    }
    facts = ProjectStatus(folder: folder, settings: settings).parts.compactMap { part in
      guard part != .scored, let other = try? Parts.manifest(part, folder) else { return nil }
      return "\(part.rawValue): \(Number.grouped(other.chunks)) chunks, "
        + "\(Number.count(other.tokens)) tokens"
    }
  }
}

extension CorpusSnapshot {
  /// The picture of a packed corpus; medians come with the index of lists, duplicates with a study.
  init(
    _ library: ChunkLibrary, _ listing: ChunkListing?, _ study: StudyReport?, facts others: [String]
  ) {
    let (shards, manifest) = (library.shards, library.manifest)
    let counts = Dictionary(
      manifest.sources.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let sources = shards.sources.indices.compactMap { index -> Source? in
      let name = shards.sources[index]
      let summary = listing?.summaries[index]
      let chunks = summary?.chunks ?? counts[name]?.chunks ?? 0
      guard chunks > 0 else { return nil }
      var source = Source(
        name: name, documents: counts[name]?.documents ?? 0, chunks: chunks,
        tokens: summary?.tokens ?? counts[name]?.tokens ?? 0,
        medianTokens: summary?.medianTokens ?? 0)
      if let found = study?.sources.first(where: { $0.name == name }) {
        source.take(found)
      }
      return source
    }
    var facts = manifest.inputs.prefix(3).map { input in
      "file \(input.path), \(Number.bytes(input.bytes))"
        + (input.sha256.map { ", sha256 \($0.prefix(12))" } ?? "")
    }
    if manifest.inputs.count > 3 { facts.append("and \(manifest.inputs.count - 3) files more") }
    facts.append(
      "text \(manifest.settings.reader.textField), source \(manifest.settings.reader.sourceField ?? "none")"
    )
    facts += others
    self.init(
      path: manifest.inputs.prefix(3).map(\.path).joined(separator: ", ")
        + (manifest.inputs.count > 3 ? " and more" : ""), sources: sources,
      documents: manifest.documents, chunks: shards.count, tokens: shards.tokenCount,
      rejected: manifest.rejected.values.reduce(0, +),
      chunkLength: manifest.settings.packing.maximumLength,
      tokenizer: "\(library.tokenizer.modelTitle), "
        + "\(Number.grouped(library.tokenizer.vocabularySize)) tokens",
      facts: facts)
    if let all = study?.all {
      self.study = .done
      let texts = Double(max(1, all.texts))
      duplicateShare = Double(all.duplicates) / texts
      nearDuplicateShare = all.nearDuplicates.map { Double($0) / texts }
    }
  }
}

extension CorpusSnapshot.Source {
  /// Adds what a study found.
  mutating func take(_ found: StudyReport.Source) {
    let texts = Double(max(1, found.texts))
    duplicateShare = Double(found.duplicates) / texts
    nearDuplicateShare = found.nearDuplicates.map { Double($0) / texts }
    bytesPerToken = found.bytesPerToken
    textLengths = found.lengths
    let bytes = Double(max(1, found.bytes))
    scripts = found.scripts.sorted { ($1.value, $0.key.name) < ($0.value, $1.key.name) }.map {
      CorpusSnapshot.ScriptShare(name: $0.key.name, share: Double($0.value) / bytes)
    }
  }
}
