import Corpus
import Numerics
import Store

/// Real text of several kinds for the demo, out of packages of Debian, with damage planted into a
/// known part of it.
///
/// `build` writes `reserve.jsonl.zst`, `corpus.jsonl.zst`, `heldout.jsonl.zst` and `manifest.json`
/// into a folder. Every document has its kind in `meta.pile_set_name`, what was done to it in
/// `meta.planted`, and where it comes from in `meta.id`.
public enum DemoCorpus {
  /// Packages that hold the text; `scripts/demo-packages.txt` names the same ones.
  public static var requiredPackages: [String] {
    TextKind.allCases.flatMap(\.origin.install)
  }

  /// Kinds of text without which there is no demo.
  public static let fewestKinds = 3

  /// Writes the corpus into `folder`, or finds it there, made with the same options.
  ///
  /// The same machine, options and seed give the same bytes. The folder appears when it is whole.
  ///
  /// - Parameters:
  ///   - root: a folder that stands for `/`; packages are looked for below it.
  ///   - isCancelled: asked now and then; true stops with `DemoCorpusError.cancelled`.
  public static func build(
    into folder: String, options: DemoOptions = DemoOptions(), root: String = "",
    isCancelled: () -> Bool = { false }
  ) throws(DemoCorpusError) -> DemoManifest {
    try check(options)
    if Folder.exists(folder + "/" + DemoManifest.fileName) {
      let present = try storing { () throws(StoreError) in
        try JSONFile.read(DemoManifest.self, from: folder + "/" + DemoManifest.fileName)
      }
      if present.options == options { return present }
      throw .occupied(folder: folder, found: "a demo corpus with other options")
    }
    if Folder.exists(folder) {
      let names = try storing { () throws(StoreError) in try Folder.list(folder) }
      if let first = names.first { throw .occupied(folder: folder, found: first) }
    }
    let temporary = folder + ".building"
    try storing { () throws(StoreError) in
      try Folder.remove(temporary)
      try Folder.make(temporary)
    }
    let manifest = try DemoBuild(options: options, root: root).write(
      to: temporary, isCancelled: isCancelled)
    try storing { () throws(StoreError) in
      try JSONFile.write(manifest, to: temporary + "/" + DemoManifest.fileName)
      try Folder.remove(folder)
      try Folder.publish(temporary, as: folder)
    }
    return manifest
  }

  /// Damage of every document of a `corpus.jsonl.zst`, indexed by document id, the ordinal that
  /// `CorpusReader` gives and that shards keep.
  public static func plantedDamage(in path: String) throws(DemoCorpusError) -> [Damage] {
    var options = ReaderOptions()
    options.sourceField = "meta.planted"
    options.strict = true
    do throws(CorpusError) {
      var reader = try CorpusReader(inputs: [path], options: options)
      var damage: [Damage] = []
      while let document = try reader.next() {
        damage.append(Damage(rawValue: document.source) ?? .none)
      }
      return damage
    } catch {
      throw .corpus(error)
    }
  }

  private static func check(_ options: DemoOptions) throws(DemoCorpusError) {
    guard options.byteBudget >= 1 << 16 else {
      throw .setting(
        name: "the size of the demo", found: "\(options.byteBudget) bytes",
        expected: "65,536 or more")
    }
    guard options.reserveShare > 0, options.heldOutShare > 0,
      options.reserveShare + options.heldOutShare < 1
    else {
      throw .setting(
        name: "the split of the demo",
        found: "\(options.reserveShare) held back and \(options.heldOutShare) held out",
        expected: "shares above 0 with a sum below 1")
    }
    guard (0...0.5).contains(options.damageShare) else {
      throw .setting(
        name: "the share of damage", found: "\(options.damageShare)", expected: "0 to 0.5")
    }
  }
}
