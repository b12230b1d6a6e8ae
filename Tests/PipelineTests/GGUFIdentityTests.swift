import Foundation
import LanguageModels
import Pipeline
import Store
import Testing

/// The identity of a model in GGUF files.
@Suite struct GGUFIdentityTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("LanguageModelsTests/Fixtures/gguf").path

  @Test func theBytesOfAllPartsAreTheModel() throws {
    let folder = NSTemporaryDirectory() + "gguf-identity-\(UUID())"
    try Folder.make(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let names = (1...3).map { "parts-0000\($0)-of-00003.gguf" }
    for name in names {
      try FileManager.default.copyItem(
        atPath: "\(Self.fixtures)/\(name)", toPath: "\(folder)/\(name)")
    }
    func identity(_ path: String) throws -> ArtifactIdentity {
      try Identities(FileDigests()).model(ModelFolder(path))
    }
    let first = try identity("\(folder)/\(names[0])")
    #expect(first.name == "parts-00001-of-00003")
    // The folder that holds nothing else is the same model.
    #expect(try identity(folder).digest == first.digest)
    #expect(try identity("\(Self.fixtures)/\(names[0])").digest == first.digest)
    let last = URL(filePath: "\(folder)/\(names[2])")
    var bytes = try Data(contentsOf: last)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: last)
    #expect(try identity(folder).digest != first.digest)
  }
}
