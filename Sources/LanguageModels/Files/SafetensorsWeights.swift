import Glibc
import Store
import TensorKit

/// Weights as transformers saves them: model.safetensors, or several files and an index.
enum SafetensorsWeights: WeightContainer {
  static let fileName = "model.safetensors"
  static let indexName = "model.safetensors.index.json"
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

  static func files(in folder: String) throws(ModelError) -> [String] {
    do throws(StoreError) {
      return try Folder.list(folder).filter {
        $0.hasSuffix(suffix) && !$0.contains(".tmp-") && !Folder.isFolder(folder + "/" + $0)
      }
    } catch {
      throw .file(error)
    }
  }

  static func open(_ folder: String) throws(ModelError) -> [any StoredTensor] {
    let isWhole = Folder.exists(folder + "/" + fileName)
    var tensors: [any StoredTensor] = []
    for name in isWhole ? [fileName] : try indexed(folder) {
      let path = folder + "/" + name
      do throws(StoreError) {
        let file = try SafetensorsFile(path: path)
        tensors += file.tensors.map { SafetensorsTensor(file: file, info: $0) }
      } catch {
        if !isWhole, !Folder.exists(path) {
          throw .unusable(
            path: folder + "/" + indexName, found: "the name of \(name), which is not there",
            expected: "every file that it names",
            advice: "Download the missing file into \(folder).")
        }
        throw ModelFile.about(error, path)
      }
    }
    return tensors
  }

  /// Names of the files that the index of `folder` lists, sorted.
  private static func indexed(_ folder: String) throws(ModelError) -> [String] {
    try listed(by: folder + "/" + indexName)
  }

  /// Names of the files that an index lists, sorted.
  static func listed(by path: String) throws(ModelError) -> [String] {
    func wrong(_ found: String, _ expected: String) -> ModelError {
      .unusable(
        path: path, found: found, expected: expected,
        advice: "Download or copy \(path) again, from where the model comes.")
    }
    guard case .object(let map)? = try ModelFile.object(path)["weight_map"] else {
      throw wrong("no object weight_map", "the files of all tensors, by the tensors' names")
    }
    var names: Set<String> = []
    for (tensor, value) in map {
      guard case .text(let name) = value, !name.contains("/"), name.hasSuffix(suffix) else {
        throw wrong(
          "\(value.shown) for \(TensorProblem.short(tensor))",
          "names of .safetensors files in this folder")
      }
      names.insert(name)
    }
    if names.isEmpty { throw wrong("an empty weight_map", "the files of all tensors") }
    return names.sorted()
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
  var readableTypes: String { "F32, F16 or BF16" }
  var byteCount: Int { info.range.count }

  func read(_ range: Range<Int>, to target: UnsafeMutablePointer<Float>, ops: Ops) {
    WeightConversion.read(info, of: file, range, to: target, ops: ops)
  }

  func values(_ range: Range<Int>) -> [Float] {
    let size = info.type.byteCount
    return file.withBytesOnce(range.lowerBound * size..<range.upperBound * size, of: info) {
      bytes in
      (0..<range.count).map { index in
        if info.type == .f32 {
          return Float(
            bitPattern: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
        }
        let half = bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        return info.type == .bf16
          ? Float(bitPattern: UInt32(half) << 16) : Float(Float16(bitPattern: half))
      }
    }
  }

  func hasBytes(_ range: Range<Int>, of other: any StoredTensor) -> Bool {
    guard let other = other as? SafetensorsTensor else { return false }
    return file.withBytesOnce(range, of: info) { own in
      other.file.withBytesOnce(range, of: other.info) { theirs in
        guard let own = own.baseAddress, let theirs = theirs.baseAddress else {
          return range.isEmpty
        }
        return memcmp(own, theirs, range.count) == 0
      }
    }
  }
}
