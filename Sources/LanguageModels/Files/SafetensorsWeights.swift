import Store
import TensorKit

/// Weights as transformers saves them: model.safetensors, or several files and an index.
enum SafetensorsWeights: WeightContainer {
  static let fileName = "model.safetensors"
  private static let indexName = "model.safetensors.index.json"
  private static let suffix = ".safetensors"

  static let expectedFiles = "\(fileName) or \(indexName)"

  static func isPresent(in folder: String) -> Bool {
    [fileName, indexName].contains { Folder.exists(folder + "/" + $0) }
  }

  static func missingFiles(in folder: String) -> [String] {
    if Folder.exists(folder + "/" + fileName) { return [] }
    do throws(ModelError) {
      return try indexed(folder).filter { !Folder.exists(folder + "/" + $0) }
    } catch {
      return ["a readable \(indexName)"]
    }
  }

  static func files(in folder: String) throws(StoreError) -> [String] {
    try Folder.list(folder).filter {
      $0.hasSuffix(suffix) && !$0.contains(".tmp-") && !Folder.isFolder(folder + "/" + $0)
    }
  }

  static func open(_ folder: String) throws(ModelError) -> [any StoredTensor] {
    let isWhole = Folder.exists(folder + "/" + fileName)
    var tensors: [any StoredTensor] = []
    for name in isWhole ? [fileName] : try indexed(folder) {
      do throws(StoreError) {
        let file = try SafetensorsFile(path: folder + "/" + name)
        tensors += file.tensors.map { SafetensorsTensor(file: file, info: $0) }
      } catch {
        throw .file(error)
      }
    }
    return tensors
  }

  private struct Index: Decodable {
    let map: [String: String]
    enum CodingKeys: String, CodingKey { case map = "weight_map" }
  }

  /// Names of the files that the index of `folder` lists, sorted.
  private static func indexed(_ folder: String) throws(ModelError) -> [String] {
    let path = folder + "/" + indexName
    let names: [String]
    do throws(StoreError) {
      names = Set(try JSONFile.read(Index.self, from: path).map.values).sorted()
    } catch {
      throw .file(error)
    }
    for name in names where name.contains("/") || !name.hasSuffix(suffix) {
      throw .file(
        .malformed(
          path: path, found: "the file name \"\(name.prefix(80))\"",
          expected: "names of .safetensors files in this folder"))
    }
    return names
  }
}

/// One tensor and its file.
private struct SafetensorsTensor: StoredTensor {
  let file: SafetensorsFile
  let info: TensorInfo

  var name: String { info.name }
  var shape: [Int] { info.shape }
  var elementType: String { info.type.rawValue }
  var isReadable: Bool { [.f32, .f16, .bf16].contains(info.type) }

  func read(_ range: Range<Int>, to target: UnsafeMutablePointer<Float>, ops: Ops) {
    WeightConversion.read(info, of: file, range, to: target, ops: ops)
  }
}
