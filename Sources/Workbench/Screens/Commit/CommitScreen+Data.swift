import EngineInterface
import TerminalUI

extension CommitScreen {
  static func dataName(of pane: Pane) -> String? {
    switch pane {
    case .files: "files"
    case .card: "card"
    default: nil
    }
  }

  static func data(_ state: ViewState) -> DataRecord {
    guard let commit = state.engine.commit else { return [:] }
    var standing = "planned"
    var written: Double?
    switch commit.state {
    case .planned: break
    case .writing(let fraction): (standing, written) = ("writing", fraction)
    case .written: standing = "written"
    }
    return [
      "state": standing, "fraction": written, "name": commit.name, "commitFolder": commit.folder,
      "ratio": commit.ratio, "keptChunks": commit.chunks, "keptTokens": commit.tokens,
      "manualKept": commit.manualKept, "manualDropped": commit.manualDropped,
      "freeBytes": commit.freeDisk, "shared": commit.shared, "added": commit.added,
      "removed": commit.removed,
      "files": commit.files.map { file in
        ["name": file.name, "bytes": file.bytes, "note": file.note] as DataRecord
      },
      "earlier": commit.earlier.map { earlier in
        ["name": earlier.name, "ratio": earlier.ratio, "chunks": earlier.chunks] as DataRecord
      },
      "card": commit.card,
    ]
  }
}
