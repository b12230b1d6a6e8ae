import ArgumentParser
import Engine
import Pipeline
import Training

/// A project of one's own text and models.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a project of your own corpus; 'open' shows it, 'run' runs it.",
    discussion: """
      Teacher and reference are model folders or GGUF files, or are trained on the reserve, as the \
      demo does it. Without either the corpus can be looked at, searched and studied, but not be \
      scored. Shape and training of what is trained are the demo's, or those of a preset (models \
      --presets); --set, or project.json itself, gives every value otherwise.
      """)

  @Argument(help: "Project folder.")
  var project: String
  @Option(
    parsing: .upToNextOption,
    help: "What to score and select from: text files or folders, or one folder of token shards.")
  var corpus: [String]
  @Option(
    parsing: .upToNextOption,
    help: "Held-back text, or shards, for tokenizer, teacher and reference.")
  var reserve: [String] = []
  @Option(parsing: .upToNextOption, help: "Text that students are compared on.")
  var heldOut: [String] = []
  @Option(
    help: """
      tokenizer.json or its folder; by default that of the teacher, or of the reference; without \
      models one is trained on the reserve.
      """,
    transform: modelPlace())
  var tokenizer: String?
  @Option(help: "Model folder or GGUF file of the teacher.", transform: modelPlace())
  var teacher: String?
  @Option(help: "Model folder or GGUF file of the reference.", transform: modelPlace())
  var reference: String?
  @Option(
    help: ArgumentHelp(
      "Recipe of both students (\(TrainingPreset.list)).", valueName: "preset"),
    transform: presetName)
  var studentPreset: TrainingPreset?
  @Option(
    help: ArgumentHelp("Recipe of a teacher that is trained.", valueName: "preset"),
    transform: presetName)
  var teacherPreset: TrainingPreset?
  @Option(
    help: ArgumentHelp("Recipe of a reference that is trained.", valueName: "preset"),
    transform: presetName)
  var referencePreset: TrainingPreset?
  @OptionGroup var teaching: StudentTeachingOptions
  @Option(
    help: ArgumentHelp(
      "A value of project.json, as student.training.epochs=4; may be given again.",
      valueName: "key=value"), transform: { try SettingChange($0) })
  var set: [SettingChange] = []
  @Option(
    help: ArgumentHelp(
      "A zero-shot task and the file of its items, as hellaswag=FILE; may be given again.",
      valueName: "name=file"), transform: TaskOptions.file)
  var task: [TaskFile] = []
  @Option(help: "Most tokens of a chunk. (default: 1025)", transform: whole(2...Most.planned))
  var maxLength = 1025
  @Option(help: "The ratio to start with. (default: 0.5)", transform: real(0...1))
  var ratio = 0.5
  @Option(help: "Seed of everything. (default: 42)", transform: seedNumber())
  var seed = DemoProject.seed
  @OptionGroup var fields: FieldOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var waivers: WaiverOptions

  func run() throws {
    var plan = NewProject(corpus: corpus)
    plan.reserve = reserve
    plan.heldOut = heldOut
    plan.tokenizer = tokenizer
    plan.teacher = teacher
    plan.reference = reference
    plan.studentPreset = studentPreset
    plan.teacherPreset = teacherPreset
    plan.referencePreset = referencePreset
    plan.teaching = teaching.teaching
    plan.changes = set
    plan.maximumLength = maxLength
    plan.ratio = ratio
    plan.tasks = task
    plan.seed = seed
    plan.fields = try fields.fields
    plan.waivers = try waivers.waivers()
    let run = CommandRun("init", isQuiet: false, whenStopped: .stoppedWithoutResult)
    var settings = try run.run { try plan.settings(for: project, $0) }
    precision.apply(to: &settings)
    try NewProject.write(settings, to: project)
    for text in ProjectEngine.obstacles(to: settings, in: project) { run.note(text, .warning) }
    try Output.line("project in \(project); 'miniplm open \(project)' shows it")
    if heldOut.isEmpty {
      try Output.line(
        "no held-out text: 'run' ends once the students are trained; --held-out compares them")
    }
    if settings.teacher == .unset || settings.reference == .unset {
      try Output.line("no teacher or reference: look, search and study; scoring needs both")
    }
  }
}
