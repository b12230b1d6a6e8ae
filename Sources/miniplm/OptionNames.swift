import Corpus
import Engine
import Pipeline
import Training

/// Which option gives a setting that a module refuses.
enum OptionNames {
  /// By the names that the modules have for their settings.
  private static let options: [String: String] = [
    "steps": "--steps", "chunksPerStep": "--batch", "chunksPerMicroBatch": "--micro-batch",
    "chunkTokens": "--chunk-tokens", "endOfSequenceToken": "--eos", "learningRate": "--lr",
    "minimumLearningRate": "--min-lr", "warmupSteps": "--warmup", "beta1": "--beta1",
    "beta2": "--beta2", "epsilon": "--epsilon", "weightDecay": "--weight-decay",
    "gradientClip": "--clip", "seed": "--seed", "order": "--order",
    "evaluationInterval": "--evaluate-every", "checkpointInterval": "--checkpoint-every",
    "precision": "--precision", "checkpointBlocks": "--checkpoint-blocks", "window": "--window",
    "ratio": "--ratio", "threshold": "--threshold", "teacher NLL cap": "--teacher-nll-cap",
    "block size": "--block", "tokens per batch": "--tokens-per-batch",
    "maximum positions": "--positions", "sample": "--chunks",
    "the chunk length": "--max-length", "the shard size": "--shard-size",
    "the size of the reserve": "--ratio or --tokens",
    "tokenizer": "--tokenizer", "eos": "--eos", "bos": "--bos",
    "batch": "--batch", "chunk-tokens": "--chunk-tokens", "positions": "--positions",
    "block": "--block", "tokens-per-batch": "--tokens-per-batch", "max-length": "--max-length",
    "from-eos": "--from-eos", "to-eos": "--to-eos", "convert-bos": "--convert-bos",
    "max-new-tokens": "--max-new-tokens", "prompt-tokens": "--prompt-tokens",
    "samples": "--samples", "chunk": "--chunk", "floor": "--floor", "source": "--source",
    "pattern": "<pattern>", "planted": "--planted", "stride": "--stride", "start": "--start",
    "runs": "<runs>", "baseline": "--baseline", "teacher": "--teacher", "kdRatio": "--kd-ratio",
    "temperature": "--temperature", "logits": "--logits", "topK": "--top-k",
    "vocabulary": "--vocabulary", "distillation": "the teacher (--method, --teacher, --logits)",
    "minillm": "what is sampled (--method minillm and its options)",
    "promptTokens": "--prompt-tokens", "newTokens": "--new-tokens",
    "teacherShare": "--teacher-share", "rollouts": "--rollouts",
    "rolloutEpochs": "--rollout-epochs", "rewardScaling": "--reward-scaling",
    "rewardClip": "--reward-clip", "discount": "--discount", "ratioClip": "--ratio-clip",
    "singleStep": "--single-step", "textWeight": "--text-weight", "decodeBatch": "--decode-batch",
  ]

  private static let engineOptions = [
    "trainingPrecision": "--training-precision", "text": "--reserve",
    "corpus.packing.maximumLength": "--max-length", "text.demo.bytes": "--bytes",
  ]

  static func option(_ key: String) -> String? {
    options[key] ?? (key.hasPrefix("floor of ") ? "--floor \(key.dropFirst(9))=..." : nil)
  }

  /// The error in the words of the command line; nil where it is about no setting.
  static func sentence(_ error: any Error) -> String? {
    switch error {
    case EngineError.setting(let name, let found, let expected):
      return "\(engineOptions[name] ?? "--\(name)") is \(found), expected \(expected)."
    case CorpusError.noSuchChunk(let index, let count):
      return "There is no chunk \(index); the shards hold \(count), numbered from 0."
    case CorpusError.noSuchDocument(let id, let count):
      return "There is no document \(id); the table holds \(count), numbered from 0."
    default: break
    }
    guard let sentence = SettingFault(error)?.sentence(option) else { return nil }
    guard case TrainingError.configurationChanged = error else { return sentence }
    return sentence + " Give the value of before, or begin another run with --run."
  }
}
