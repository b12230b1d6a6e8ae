import CLocalSocket
import Glibc
import Store

/// Where the socket of a project is: in its folder, for there it is found by whoever finds the project,
/// and nobody clears it away with a session or a temporary folder. Where the file system has no
/// sockets, a link of that name leads to one in a folder of the user's own.
struct LinkPlace {
  static let name = ".engine.sock"

  let folder: String

  /// Listens there. Whoever does must hold the project's lock: what has the name is then of the dead.
  func listen() throws(LinkError) -> (listener: Int32, file: FileIdentity?) {
    do throws(SystemError) {
      return try Self.listen(in: folder, Self.name)
    } catch {
      guard [EPERM, EOPNOTSUPP, ENOSYS, EINVAL, EXDEV, EACCES].contains(error.code) else {
        throw .noSocket(folder: folder, reason: error.words)
      }
    }
    do throws(SystemError) {
      let (elsewhere, name) = try Self.ownFolder(for: folder)
      let (listener, _) = try Self.listen(in: elsewhere, name)
      unlink("\(folder)/\(Self.name)")
      guard symlink("\(elsewhere)/\(name)", "\(folder)/\(Self.name)") == 0 else {
        let error = SystemError()
        close(listener)
        throw error
      }
      return (listener, FileIdentity("\(folder)/\(Self.name)"))
    } catch {
      throw .noSocket(folder: folder, reason: error.words)
    }
  }

  /// A connection to whoever listens there; nil where nobody does.
  func connect() throws(LinkError) -> Int32? {
    let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else { return nil }
    defer { close(opened) }
    let connection = cs_connect(opened, Self.name)
    if connection >= 0 { return connection }
    // Full of others who wait: its process takes nobody in.
    if errno == EAGAIN { throw .silent(seconds: 0) }
    return nil
  }

  /// Takes the name away, unless it is another's by now.
  func remove(_ file: FileIdentity?) {
    let path = "\(folder)/\(Self.name)"
    if let file, FileIdentity(path) == file { unlink(path) }
  }

  private static func listen(
    in folder: String, _ name: String
  ) throws(SystemError) -> (Int32, FileIdentity?) {
    let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else { throw SystemError() }
    defer { close(opened) }
    let listener = cs_listen(opened, name)
    guard listener >= 0 else { throw SystemError() }
    return (listener, FileIdentity("\(folder)/\(name)"))
  }

  /// A folder for sockets that nobody but this user can change, and the name of a project in it.
  private static func ownFolder(
    for folder: String
  ) throws(SystemError) -> (folder: String, name: String) {
    let path = "/tmp/miniplm-\(geteuid())"
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw SystemError() }
    var status = stat()
    guard lstat(path, &status) == 0 else { throw SystemError() }
    guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(),
      status.st_mode & 0o077 == 0
    else { throw SystemError(code: EPERM) }
    guard let digest = try? Digest.sha256(OutputPath.canonical(folder).utf8) else {
      throw SystemError(code: ENOMEM)
    }
    return (path, "\(digest.prefix(32)).sock")
  }
}

/// Which file has a name.
struct FileIdentity: Equatable {
  private let device: dev_t
  private let number: ino_t

  init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    (device, number) = (status.st_dev, status.st_ino)
  }
}

/// The system's reason.
struct SystemError: Error {
  let code: Int32

  init(code: Int32 = errno) { self.code = code }

  var words: String { SystemFailure(code: code).words }
}
