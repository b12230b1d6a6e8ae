import Hub
import Store

/// Models of Ollama: manifests/HOST/OWNER/NAME/TAG names the layers of a model, and the one with its
/// weights is a GGUF file among the blobs.
struct OllamaSearch {
  private let folder: String
  private static let weights = "application/vnd.ollama.image.model"
  private static let ownHost = "registry.ollama.ai"
  private static let ownOwner = "library"
  private static let largest = 1 << 20

  init(_ folder: String) { self.folder = folder }

  func models() -> [FoundModel] {
    let root = folder + "/manifests"
    return list(root).flatMap { host in
      list("\(root)/\(host)").flatMap { owner in
        list("\(root)/\(host)/\(owner)").flatMap { name in
          list("\(root)/\(host)/\(owner)/\(name)").compactMap { tag in
            model("\(root)/\(host)/\(owner)/\(name)/\(tag)", Self.name(host, owner, name, tag))
          }
        }
      }
    }
  }

  private func list(_ path: String) -> [String] {
    ((try? Folder.list(path)) ?? []).filter { !$0.hasPrefix(".") }
  }

  private static func name(_ host: String, _ owner: String, _ name: String, _ tag: String) -> String
  {
    let own = host == ownHost
    return (own ? "" : host + "/") + (own && owner == ownOwner ? "" : owner + "/")
      + "\(name):\(tag)"
  }

  private func model(_ manifest: String, _ name: String) -> FoundModel? {
    guard let data = try? FileContents.read(manifest), data.count <= Self.largest,
      let document = try? JSONDocument(parsing: Array(data)),
      case .object(let members) = JSONValue(document.root, of: document),
      case .list(let layers)? = members["layers"]
    else { return nil }
    for layer in layers {
      guard case .object(let fields) = layer, fields["mediaType"] == .text(Self.weights),
        case .text(let digest)? = fields["digest"], HubListing.isSafe(digest), !digest.contains("/")
      else { continue }
      let blob = folder + "/blobs/" + digest.replacing(":", with: "-")
      return FoundModel(
        path: blob, name: name, place: "Ollama",
        missing: Folder.exists(blob) ? nil : "its weights are not there: 'ollama pull \(name)'",
        files: [blob], isFile: true)
    }
    return nil
  }
}
