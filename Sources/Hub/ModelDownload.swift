import Glibc
import Numerics
import Store

/// Where a model goes.
public enum DownloadPlace: Sendable, Hashable {
  /// The hub's cache, in its own layout.
  case cache(HubCache)
  /// A folder of its own, of which nothing is seen before all of it is there; `work` is where its
  /// files come together.
  case folder(String, work: String)
}

/// How far a download is.
public struct DownloadState: Sendable, Equatable {
  /// Bytes of the chosen files that are on the disk, of so many.
  public var bytes: Int
  public var totalBytes: Int
  public var bytesPerSecond: Double?
  /// What is going on, for people.
  public var detail: String

  /// Seconds to go.
  public var secondsLeft: Double? {
    guard let bytesPerSecond, bytesPerSecond > 0 else { return nil }
    return Double(totalBytes - bytes) / bytesPerSecond
  }
}

/// Fetches the files of a model, one after the other, and lets them appear together.
public final class ModelDownload {
  private let listing: HubListing
  private let place: DownloadPlace
  private let client: HubClient
  private let goesOn: () -> Bool
  private let report: (DownloadState) -> Void
  private var rate = TransferRate()
  /// Bytes of files that are whole.
  private var doneBytes = 0
  private var totalBytes = 0
  private var described: [String: HubFile] = [:]

  public init(
    _ listing: HubListing, to place: DownloadPlace, _ client: HubClient,
    goesOn: @escaping () -> Bool, report: @escaping (DownloadState) -> Void
  ) {
    self.listing = listing
    self.place = place
    self.client = client
    self.goesOn = goesOn
    self.report = report
  }

  /// Fetches those of `files` that are not there.
  ///
  /// - Returns: how many of them were there already.
  /// - Throws: `HubError`; what has come stays for the next attempt.
  public func fetch(_ files: [HubFile]) throws(HubError) -> Int {
    var downloads: [FileDownload] = []
    for file in files { downloads.append(try download(try completed(file))) }
    totalBytes += downloads.reduce(0) { $0 + ($1.file.size ?? 0) }
    var (missing, present): ([FileDownload], Int) = ([], 0)
    for download in downloads {
      if !goesOn() { throw .stopped }
      if Folder.exists(download.path) { say("checking \(download.file.name)") }
      if try download.isThere() {
        doneBytes += download.file.size ?? 0
        present += 1
      } else {
        missing.append(download)
      }
    }
    try requireRoom(for: missing)
    for (index, download) in missing.enumerated() {
      current = "\(index + 1) of \(missing.count): \(download.file.name)"
      took(download.presentBytes)
      try download.run()
      doneBytes += download.file.size ?? 0
    }
    return present
  }

  /// Where a file that was fetched stands now.
  public func path(of file: HubFile) throws(HubError) -> String {
    try download(try completed(file)).path
  }

  /// Bytes of files that were fetched and do not appear yet.
  public func byteCount(of files: [HubFile]) throws(HubError) -> Int {
    var sum = 0
    for file in files {
      var status = stat()
      if stat(try path(of: file), &status) == 0 { sum += Int(status.st_size) }
    }
    return sum
  }

  /// Lets the files appear, in this order where it must be one by one.
  ///
  /// - Returns: the folder of the model.
  public func publish(_ files: [HubFile]) throws(HubError) -> String {
    do throws(StoreError) {
      switch place {
      case .folder(let target, let work):
        try Folder.publish(work, as: target)
        return target
      case .cache(let cache):
        var links: [(name: String, blob: String)] = []
        for file in files {
          links.append((file.name, described[file.name].map(Self.blobName) ?? ""))
        }
        return try cache.publish(links, of: listing)
      }
    } catch {
      throw .store(error)
    }
  }

  // MARK: - Progress

  private var current = ""

  private func took(_ bytes: Int) {
    if !goesOn() { return }
    let all = doneBytes + bytes
    rate.add(all)
    say(current, all)
  }

  private func say(_ what: String, _ bytes: Int? = nil) {
    let speed = rate.perSecond()
    let all = bytes ?? doneBytes
    let figures = "\(Number.bytes(all)) of \(Number.bytes(totalBytes))"
    report(
      DownloadState(
        bytes: all, totalBytes: totalBytes, bytesPerSecond: speed,
        detail: "\(what), \(figures)" + (speed.map { ", \(Number.bytes(Int($0)))/s" } ?? "")))
  }

  // MARK: - Files

  private func download(_ file: HubFile) throws(HubError) -> FileDownload {
    let (path, partial): (String, String)
    switch place {
    case .cache(let cache):
      path = cache.blob(Self.blobName(file), of: listing.repository)
      partial = path + ".pull.incomplete"
    case .folder(_, let work):
      path = work + "/" + file.name
      partial = path + ".incomplete"
    }
    do throws(StoreError) { try Folder.make(Folder.parent(of: path)) } catch { throw .store(error) }
    return FileDownload(
      file, to: path, partial: partial, urls: urls(file), of: listing.repository, client,
      goesOn: goesOn, onBytes: { [unowned self] in took($0) })
  }

  /// By commit, so that all files are of one; a plain server may know the name of the branch alone.
  private func urls(_ file: HubFile) -> [String] {
    let base = "\(client.environment.endpoint)/\(listing.repository)/resolve/"
    let name = Address.escaped(file.name, keepingSlashes: true)
    let revisions = [listing.commit, listing.revision]
    return (revisions[0] == revisions[1] ? [revisions[0]] : revisions)
      .map { base + Address.escaped($0) + "/" + name }
  }

  private static func blobName(_ file: HubFile) -> String {
    file.digest?.text ?? file.etag ?? ""
  }

  /// With what the file's own address says of it, where the listing does not.
  private func completed(_ file: HubFile) throws(HubError) -> HubFile {
    if let known = described[file.name] { return known }
    var result = file
    if file.digest == nil || file.size == nil {
      let first = try client.persistently {
        var refusal: (any Error)?
        for url in urls(file) {
          let answer = try client.exchange(url, isHead: true)
          if answer.response.hasContent { return answer.first }
          refusal = client.refusal(
            answer, of: listing.repository,
            missing: .noFile(name: "\(listing.repository)", file: file.name, others: []))
          if answer.response.status != 404 { break }
        }
        throw refusal ?? HubError.stopped
      }
      let headers = first.headers
      let etag = (headers["x-linked-etag"] ?? headers["etag"] ?? "")
        .replacing("W/", with: "").replacing("\"", with: "")
      result.digest = file.digest ?? ContentDigest(etag)
      let size = headers["x-linked-size"] ?? (first.status == 200 ? headers["content-length"] : nil)
      result.size = file.size ?? size.flatMap { Int($0) }
      result.etag = Self.plain(etag)
      guard result.digest != nil || result.etag != nil else {
        throw .listing(
          found: "\(file.name) without a digest and without an etag", expected: "one of them")
      }
    }
    described[file.name] = result
    return result
  }

  /// An etag that can be the name of a file.
  private static func plain(_ etag: String) -> String? {
    let isPlain =
      (1...128).contains(etag.utf8.count) && !etag.hasPrefix(".")
      && etag.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || [0x2D, 0x2E, 0x5F].contains($0)
      }
    return isPlain ? etag : nil
  }

  private func requireRoom(for downloads: [FileDownload]) throws(HubError) {
    let needed = downloads.reduce(0) { $0 + max(0, ($1.file.size ?? 0) - $1.presentBytes) }
    let folder =
      switch place {
      case .cache(let cache): cache.folder(of: listing.repository)
      case .folder(_, let work): work
      }
    var disk = statvfs()
    guard statvfs(folder, &disk) == 0 else { return }
    let free = Int(disk.f_bavail) * Int(disk.f_frsize)
    if needed > free { throw .space(path: folder, needed: needed, free: free) }
  }
}
