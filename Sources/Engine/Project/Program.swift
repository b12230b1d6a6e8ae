/// The program's name and version.
public enum Program {
  /// As manifests and `--version` give it.
  public static let version = "0.1.0"
  public static let nameAndVersion = "miniplm \(version)"
}
