import Glibc

/// Why the system refused an operation on a file: its number, its words, and what a person can do.
///
/// The one place that turns `errno` into sentences.
public struct SystemFailure: Sendable, Equatable {
  /// The system's number; 0 where no system call stands behind it.
  public let code: Int32
  /// The reason in a few words.
  public let words: String

  /// A failure by its number.
  public init(code: Int32) {
    self.code = code
    words = Self.ownWords(code) ?? String(cString: strerror(code))
  }

  /// A failure that no system call reports.
  public init(words: String) {
    code = 0
    self.words = words
  }

  /// What to do about it, for an operation on `path`.
  func hint(path: String) -> String {
    switch code {
    case ENOSPC:
      "Free some disk space (df -h shows how much there is), then run the same command again."
    case EDQUOT:
      "Remove files of yours, or have your quota raised (quota -s shows it), then run the same "
        + "command again."
    case EFBIG:
      "Raise the limit with ulimit -f unlimited, or write to another file system, then run the same "
        + "command again."
    case EIO:
      "The disk or the network is at fault: look at dmesg, and go on with a copy on another disk."
    case EROFS: "Write to a folder on another file system, or mount this one for writing."
    case EACCES, EPERM:
      "Get the right to use it (ls -ld shows who has it), or name another place."
    case ENOENT: "Check the path: a name in it does not exist."
    case ENOTDIR: "Check the path: a name in it is a file where a folder is needed."
    case EISDIR: "Name a file; this is a folder."
    case EMFILE, ENFILE: "Raise the limit with ulimit -n 65536 and run the same command again."
    case ENOMEM: "Free some memory, then run the same command again."
    case ENAMETOOLONG: "Choose a shorter name: at most 255 bytes, and 4,095 for the whole path."
    case ELOOP: "Repair the symbolic links: they lead back to themselves."
    case EBUSY: "Another program, or a mount, holds it: end that, or name another place."
    case ENOTEMPTY, EEXIST: "Name a place that is free, or remove what is there."
    case EXDEV: "Name a place on the same file system: it is a mount of its own."
    case ESTALE, ETIMEDOUT, EHOSTDOWN:
      "The file server does not answer: run the same command again when it does."
    default: "Check that the path exists and that you may use it."
    }
  }

  /// Words for what the system says too shortly.
  private static func ownWords(_ code: Int32) -> String? {
    switch code {
    case 0: "it cannot be read as a file"
    case ENOTTY, EINVAL, ESPIPE: "it is not a kind of file with which that can be done"
    case EFBIG: "the largest size of a file that is allowed is reached"
    case ENOSPC: "no space is left on the disk"
    case EISDIR: "it is a folder"
    default: nil
    }
  }
}
