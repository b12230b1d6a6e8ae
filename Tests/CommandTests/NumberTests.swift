import Testing

/// Every number that a person gives is checked where it comes in: exit 2, with the option's name and
/// what it may be.
@Suite struct NumberTests {
  /// A call that is right but for one number, which stands for N.
  static let whole = [
    "pack corpus.jsonl --tokenizer tok -o x --max-length=N",
    "pack corpus.jsonl --tokenizer tok -o x --shard-size=N",
    "pack corpus.jsonl --tokenizer tok -o x --max-window=N",
    "tokenizer train corpus.jsonl -o x --vocabulary-size=N",
    "convert shards --from tok --to tok -o x --max-length=N",
    "convert shards --from tok --to tok -o x --shard-size=N",
    "split shards -o a --rest b --tokens=N",
    "corpus search shards river --tokenizer tok --limit=N",
    "score --shards shards --teacher teacher --reference reference -o x --positions=N",
    "score --shards shards --teacher teacher --reference reference -o x --block=N",
    "score --shards shards --teacher teacher --reference reference -o x --tokens-per-batch=N",
    "compare-precision --shards shards --teacher teacher --reference reference -o x --chunks=N",
    "check --shards shards --teacher teacher --reference reference --positions=N",
    "evaluate --model teacher --shards held --limit=N",
    "evaluate --model teacher --shards held --chunk-tokens=N",
    "evaluate --model teacher --shards held --batch=N",
    "evaluate --model teacher --text corpus.jsonl --window=N",
    "evaluate --model teacher --text corpus.jsonl --stride=N",
    "evaluate --model teacher --shards held --replicates=N",
    "compare teacher reference --shards held --batch=N",
    "quality --shards shards --scores scores --sample=N",
    "drivers --shards shards --scores scores --sample=N",
    "drivers --shards shards --scores scores --longest=N",
    "drivers --shards shards --scores scores --top=N",
    "drivers --shards shards --scores scores --chunks=N",
    "quality --shards shards --scores scores --states=N",
    "quality --shards shards --scores scores --level=N",
    "quality --shards shards --scores scores --batch=N",
    "generate --model teacher --prompt a --max-new-tokens=N",
    "generate --model teacher --prompt a --prompt-tokens=N",
    "generate --model teacher --prompt a --top-k=N",
    "generate --model teacher --prompt a --batch=N",
    "generate --model teacher --prompt a --samples=N",
    "train --model teacher --shards shards --run r --steps=N",
    "train --model teacher --shards shards --run r --steps 1 --batch=N",
    "train --model teacher --shards shards --run r --steps 1 --micro-batch=N",
    "train --model teacher --shards shards --run r --steps 1 --chunk-tokens=N",
    "train --model teacher --shards shards --run r --steps 1 --evaluate-every=N",
    "train --model teacher --shards shards --run r --steps 1 --checkpoint-every=N",
    "train --model a --shards b --run r --steps 1 --method minillm --teacher c --new-tokens=N",
    "train --model a --shards b --run r --steps 1 --method minillm --teacher c --rollouts=N",
    "cache-logits --teacher teacher --shards shards -o x --samples=N",
    "cache-logits --teacher teacher --shards shards -o x --top-k=N",
    "cache-logits --teacher teacher --shards shards -o x --vocabulary=N",
    "cache-logits --teacher teacher --shards shards -o x --chunk-tokens=N",
    "compare-curves a b --window=N", "demo --headless --bytes=N",
    "init x --corpus corpus.jsonl --max-length=N", "bench score --batch=N",
    "bench score --chunk-length=N", "bench score --repeats=N", "bench score --vocabulary=N",
    "bench generate --batch=N", "bench generate --new-tokens=N", "bench select --rows=N",
    "bench select --moves=N", "bench tokenizer --bytes=N", "bench read corpus.jsonl --repeats=N",
    "bench open p --rounds=N", "evaluate --model teacher --shards held --threads=N",
  ]

  static let real = [
    "select --scores scores --ratio=N",
    "commit --shards s --scores scores --teacher t --reference r -o c --ratio=N",
    "split shards -o a --rest b --ratio=N", "corpus study corpus.jsonl --threshold=N",
    "generate --model teacher --prompt a --temperature=N",
    "generate --model teacher --prompt a --top-p=N",
    "train --model teacher --shards shards --run r --steps 1 --lr=N",
    "train --model teacher --shards shards --run r --steps 1 --min-lr=N",
    "train --model teacher --shards shards --run r --steps 1 --beta1=N",
    "train --model teacher --shards shards --run r --steps 1 --beta2=N",
    "train --model teacher --shards shards --run r --steps 1 --epsilon=N",
    "train --model teacher --shards shards --run r --steps 1 --weight-decay=N",
    "train --model teacher --shards shards --run r --steps 1 --clip=N",
    "train --model a --shards b --run r --steps 1 --method vanilla-kd --teacher c --kd-ratio=N",
    "train --model a --shards b --run r --steps 1 --method vanilla-kd --teacher c --temperature=N",
    "train --model a --shards b --run r --steps 1 --method minillm --teacher c --teacher-share=N",
    "train --model a --shards b --run r --steps 1 --method minillm --teacher c --reward-scaling=N",
    "train --model a --shards b --run r --steps 1 --method minillm --teacher c --ratio-clip=N",
    "cache-logits --teacher teacher --shards shards -o x --temperature=N",
    "select --scores scores --teacher-nll-cap=N", "probe m --tokens t -o o --lr=N",
    "compare-precision --shards shards --teacher teacher --reference reference -o x --ratio=N",
    "init x --corpus corpus.jsonl --ratio=N", "bench score --seconds=N", "bench open p --pause=N",
  ]

  private func expectRefused(_ call: String, _ value: String) throws {
    let work = try TinyWork.shared.get()
    let arguments = call.split(separator: " ").map(String.init)
    let option = try #require(arguments.last?.split(separator: "=").first.map(String.init))
    let outcome = try Program.run(
      arguments.dropLast() + ["\(option)=\(value)"], in: work.path)
    #expect(!outcome.wasKilled)
    #expect(outcome.status == 2, "\(call) with \(value): \(outcome.status) \(outcome.errors)")
    #expect(outcome.errors.contains(option), "\(call) with \(value): \(outcome.errors)")
    #expect(outcome.errors.contains("expected"), "\(call) with \(value): \(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test(arguments: whole) func wholeNumbersAreChecked(call: String) throws {
    for value in [
      "0", "-1", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1.5",
      "1_000", " 5", "nan", "1e3", "\u{661}\u{662}",
    ] { try expectRefused(call, value) }
  }

  @Test(arguments: real) func realNumbersAreChecked(call: String) throws {
    for value in ["nan", "inf", "-inf", "1e400", "-1", "1,5", " 5", "\u{661}"] {
      try expectRefused(call, value)
    }
  }

  /// The optimiser counts in single precision: what rounds out of its range there gives no number.
  @Test(arguments: [
    "train --model teacher --shards shards --run r --steps 1", "probe m --tokens t -o o",
  ])
  func rangesHoldInSinglePrecision(call: String) throws {
    for option in ["--beta1", "--beta2"] { try expectRefused("\(call) \(option)=N", "0.99999999") }
  }

  @Test func epsilonIsAboveZeroInSinglePrecision() throws {
    try expectRefused("probe m --tokens t -o o --epsilon=N", "1e-60")
  }

  @Test func seedsAreNumbersOf64Bits() throws {
    for call in [
      "commit --shards s --scores s --teacher t --reference r -o c --seed=N",
      "new-model c.json -o x --seed=N", "split shards -o a --rest b --ratio 0.5 --random --seed=N",
      "evaluate --model teacher --shards held --seed=N",
      "quality --shards s --scores s --seed=N", "drivers --shards s --scores s --seed=N",
      "generate --model teacher --prompt a --seed=N", "init x --corpus corpus.jsonl --seed=N",
    ] {
      for value in ["-1", "18446744073709551616", "1.0", "x"] { try expectRefused(call, value) }
    }
  }

  @Test(arguments: [
    "evaluate --model teacher --shards held --eos=N",
    "pack corpus.jsonl --tokenizer tok -o x --eos=N",
    "pack corpus.jsonl --tokenizer tok -o x --bos=N",
    "train --model teacher --shards shards --run r --steps 1 --chunk-tokens 33 --eos=N",
    "score --shards shards --teacher teacher --reference reference -o x --eos=N",
  ])
  func tokensMustBeInTheVocabulary(call: String) throws {
    for value in ["300", "999999", "2147483648", "-1"] { try expectRefused(call, value) }
  }

  /// The least of it is not 1: a step follows the first token.
  @Test func oneNewTokenIsNoStep() throws {
    try expectRefused("bench generate --new-tokens=N", "1")
  }

  /// Two numbers that are good alone and cannot be planned with together.
  @Test func passesAreBounded() throws {
    for (call, options) in [
      ("evaluate --model teacher --shards held --batch 1048576 --chunk-tokens 1048576", "--batch"),
      (
        "train --model teacher --shards shards --run r --steps 1 --batch 16777216 --chunk-tokens 16777216",
        "--chunk-tokens"
      ),
    ] {
      let outcome = try Program.run(
        call.split(separator: " ").map(String.init), in: try TinyWork.shared.get().path)
      #expect(outcome.status == 2 && outcome.errors.contains(options), "\(outcome.errors)")
    }
  }
}
