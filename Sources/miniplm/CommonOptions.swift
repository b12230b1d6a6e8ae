import ArgumentParser
import Foundation
import Pipeline
import TensorKit

/// How many threads compute.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .long, help: "Threads that compute at most; by default one a core.",
    transform: whole(1...1024))
  var threads: Int?

  /// The number of threads in force.
  var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// Kernels and pool for them; with a `profile` the pool's runs are measured.
  func compute(profile: PoolProfile? = nil) throws -> Ops {
    try Ops(kernels: .best, pool: ParallelPool(threads: count, profile: profile))
  }
}

/// Options that every working subcommand has.
struct CommonOptions: ParsableArguments {
  @OptionGroup var threads: ThreadOptions

  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false

  @Flag(name: [.short, .long], help: "No progress lines.")
  var quiet = false

  /// The number of threads in force.
  var threadCount: Int { threads.count }

  /// Kernels and pool for them; with a `profile` the pool's runs are measured.
  func compute(profile: PoolProfile? = nil) throws -> Ops { try threads.compute(profile: profile) }
}

/// How documents are found in JSON lines.
struct FieldOptions: ParsableArguments {
  @Option(
    help: """
      Field that holds the text; dots go into objects, several fields with commas between them are \
      joined by blank lines, so are the contents of a list of messages. By default the first lines \
      decide.
      """)
  var textField: String?

  @Option(
    help: "Field that holds the source label, or none. By default the first lines decide.")
  var sourceField: String?

  @Flag(help: "End at the first line that cannot be used instead of counting it.")
  var strict = false

  /// What the options name.
  var fields: TextFields {
    get throws(ExitStatus) {
      for (text, option) in [(textField, "--text-field"), (sourceField, "--source-field")] {
        if let text { try requireUTF8(text, option: option) }
      }
      return TextFields(text: textField, source: sourceField, isStrict: strict)
    }
  }
}
