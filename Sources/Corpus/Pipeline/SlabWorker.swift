/// Turns the bytes of slabs into documents of tokens. One for each thread.
final class SlabWorker {
  private let unlabelled: String
  private let scanner: SlabScanner
  private let encoder: any TextEncoding
  private let endOfText: Int32
  /// Labels of the slab in work.
  private var labelIDs: [String: Int32] = [:]
  private var lastLabel: [UInt8] = []
  private var lastLabelID: Int32 = -1

  init(
    options: ReaderOptions, encoder: any TextEncoding, endOfText: Int32
  ) throws(CorpusError) {
    unlabelled = options.unlabelled
    scanner = try SlabScanner(options)
    self.encoder = encoder
    self.endOfText = endOfText
  }

  /// Parses and tokenizes; what goes wrong stands in `slab.workFailure`.
  func work(on slab: Slab) {
    labelIDs.removeAll(keepingCapacity: true)
    lastLabelID = -1
    scanner.begin()
    do throws(CorpusError) {
      while let entry = try scanner.next(in: slab) {
        switch entry {
        case .document(let found): try add(found, to: slab)
        case .reject(let reject): slab.rejects.append(reject)
        }
      }
    } catch {
      slab.workFailure = error
    }
  }

  private func add(_ found: SlabScanner.Found, to slab: Slab) throws(CorpusError) {
    let label = label(of: slab, named: found.label)
    do {
      try encoder.encode(found.text, into: &slab.tokens)
    } catch {
      throw .tokenizer(reason: "a document of \(slab.file?.path ?? "the input"): \(error)")
    }
    slab.tokens.append(endOfText)
    slab.documents.append(
      SlabDocument(
        label: label, offset: found.offset, line: found.line, textBytes: found.text.count,
        fingerprint: Fingerprint.hash64(UnsafeRawBufferPointer(found.text)),
        tokenEnd: slab.tokens.count))
  }

  /// Most documents stand beside others of their source: only a change is looked up.
  private func label(of slab: Slab, named name: UnsafeBufferPointer<UInt8>?) -> Int32 {
    if let name, lastLabelID >= 0, name.count == lastLabel.count, name.elementsEqual(lastLabel) {
      return lastLabelID
    }
    let text = name.map { String(decoding: $0, as: UTF8.self) } ?? slab.file?.source ?? unlabelled
    let id: Int32
    if let known = labelIDs[text] {
      id = known
    } else {
      id = Int32(slab.labels.count)
      slab.labels.append(text)
      labelIDs[text] = id
    }
    if let name {
      lastLabel = Array(name)
      lastLabelID = id
    }
    return id
  }
}
