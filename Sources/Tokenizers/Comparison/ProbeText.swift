/// What two tokenizers are compared on. Part of what a comparison means: a change here may change the
/// result for two files that stay as they are.
enum ProbeText {
  /// Which text this is, for records: another number with every change of what is tried.
  static let version = 1

  /// An added token as texts hold it: by itself, between words, and beside white space.
  static func around(_ token: String) -> [String] {
    [token, "a" + token + "b", "x " + token + " y\n" + token + token]
  }

  static let pieces: [String] =
    prose + numbers + whiteSpace + code + scripts + marks + specialTokens

  private static let prose = [
    "The quick brown fox jumps over the lazy dog.",
    "hello Hello HELLO hELLO HelloWorld helloWORLD",
    "It's what we'll do; they've said I'm late, you'd think he's n't. DON'T WE'LL I'M they\u{2019}re",
    "Some sentences end here! Others, (in brackets) \"quoted\" 'once' -- go on... don't they?",
    "antidisestablishmentarianism internationalization electroencephalographically",
    "e.g. i.e. etc. Mr. O'Neill's co-operation re-examined: 50% of $1,000 = \u{20AC}500 / \u{A3}400",
    "https://example.org/a/b?c=d&e=%20f#g user@example.com C:\\Windows\\System32 /usr/lib",
    "ALL CAPS TEXT WITH SOME lower AND MiXeD cAsE wOrDs",
  ]

  private static let numbers = [
    "0 1 12 123 1234 12345 123456 1234567 12345678 123456789 1234567890",
    "3.14159 -2.71828e-10 1,234,567.89 0x7fffffff 0b1011 1e6 007 1/2 50% #42 v1.2.3",
    "2026-11-29T00:12:34Z 12:34:56 +49 30 1234567 a1b2c3 1a 12ab 123abc abc123",
    "\u{BD} \u{2163} \u{2467} \u{B2}\u{B3} \u{0661}\u{0662}\u{0663}\u{0664} \u{0967}\u{0968}\u{0969} "
      + "\u{FF11}\u{FF12}\u{FF13} \u{1D7D8}\u{1D7D9}",
  ]

  private static let whiteSpace = [
    " ", "  ", "   ", "    ", "\t", "\t\t", "\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n", " \n",
    "\n ",
    " a", "  a", "   a", "a ", "a  ", "a   ", " a b  c   d    e ", "\ta\t\tb\t", "a\nb\n\nc\n\n\nd",
    "a \n b \n\n  c\t\n", "a\r\nb\r\n\r\nc\rd", "   \n   \n  x", "\u{A0}a\u{A0}\u{A0}b",
    "\u{3000}a\u{3000}b",
    "\u{2003}a\u{2009}b\u{200B}c\u{2028}d\u{2029}e\u{85}f\u{B}g\u{C}h", ".\n", "?\n\n", "!  \n",
    ")\t(",
    "        eight spaces", "                sixteen spaces   and\t\t\ttabs",
  ]

  private static let code = [
    "def f(x, *args, **kwargs):\n    return x ** 2 if x >= 0 else -x  # comment\n\n\n",
    "for (int i = 0; i < n; ++i) {\n\ta[i] += b[i] * 0x1F;\n\tif (a[i] != '\\0') break;\n}\n",
    "<div class=\"a b\" id='c'>&nbsp;text</div><!-- note -->",
    "{\"key\": [1, 2.5, null, true], \"k\": {}}",
    "SELECT * FROM t WHERE a <> 'b' AND c LIKE '%d%';",
    "#include <stdio.h>\n#define MAX(a,b) ((a)>(b)?(a):(b))",
    "snake_case camelCase PascalCase kebab-case SCREAMING_CASE __init__ $var @decorator a->b::c",
    "!!!??? ... ---- ==== **** //// \\\\\\\\ ((())) [[[]]] {{{}}} <<<>>> ~~~ ``` ^^^ &&& ||| ;;; :::",
    "let \u{3BB} = |x: &'a str| -> Result<(), Box<dyn Error>> { Ok(())? };",
    "\\frac{\\partial f}{\\partial x} = \\sum_{i=1}^{n} \\alpha_i x^{i} \\leq \\infty",
  ]

  private static let scripts = [
    "Stra\u{DF}e \u{C4}rger \u{F6}lig \u{FC}ber na\u{EF}ve caf\u{E9} fa\u{E7}ade \u{153}uvre \u{C5}ngstr\u{F6}m",
    "cafe\u{301} A\u{30A} n\u{303} \u{E9}e\u{301} \u{212B} \u{FB01} \u{1E9B}\u{323}",
    "Za\u{17C}\u{F3}\u{142}\u{107} g\u{119}\u{15B}l\u{105} ja\u{17A}\u{144} \u{130}stanbul \u{131}\u{11F}",
    "\u{41F}\u{440}\u{438}\u{432}\u{435}\u{442}, \u{43C}\u{438}\u{440}! \u{401}\u{436}\u{438}\u{43A} 2024 \u{433}\u{43E}\u{434}\u{430}",
    "\u{3A4}\u{3B9} \u{3BA}\u{3AC}\u{3BD}\u{3B5}\u{3B9}\u{3C2}; \u{391}\u{3B8}\u{3AE}\u{3BD}\u{3B1}",
    "\u{5E9}\u{5DC}\u{5D5}\u{5DD} \u{5E2}\u{5D5}\u{5DC}\u{5DD} \u{645}\u{631}\u{62D}\u{628}\u{627} \u{628}\u{627}\u{644}\u{639}\u{627}\u{644}\u{645}",
    "\u{928}\u{92E}\u{938}\u{94D}\u{924}\u{947} \u{926}\u{941}\u{928}\u{93F}\u{92F}\u{93E} \u{9AC}\u{9BE}\u{982}\u{9B2}\u{9BE} \u{BA4}\u{BAE}\u{BBF}\u{BB4}\u{BCD}",
    "\u{E2A}\u{E27}\u{E31}\u{E2A}\u{E14}\u{E35}\u{E0A}\u{E32}\u{E27}\u{E42}\u{E25}\u{E01} \u{10D2}\u{10D0}\u{10DB}\u{10D0} \u{540}\u{561}\u{575}",
    "\u{4F60}\u{597D}\u{FF0C}\u{4E16}\u{754C}\u{FF01}\u{6211}\u{4EEC}\u{5728}2024\u{5E74}\u{5B66}\u{4E60}\u{3002}",
    "\u{3053}\u{3093}\u{306B}\u{3061}\u{306F}\u{4E16}\u{754C}\u{3001}\u{30AB}\u{30BF}\u{30AB}\u{30CA}\u{30FC} \u{FF76}\u{FF9E}",
    "\u{C548}\u{B155}\u{D558}\u{C138}\u{C694} \u{1112}\u{1161}\u{11AB} \u{178F}\u{17BE} \u{1234}\u{1201} \u{20000}\u{2A6D6}",
  ]

  private static let marks = [
    "\u{1F600}\u{1F44D}\u{1F3FD} \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} \u{1F1E9}\u{1F1EA} \u{2764}\u{FE0F} \u{1FAE0}",
    "\u{201C}curly\u{201D} \u{2018}quotes\u{2019} \u{AB}guillemets\u{BB} \u{2013} \u{2014} \u{2026} \u{B7} \u{2022} \u{A9} \u{2122}",
    "\u{2211}\u{222B}\u{221A}\u{2260}\u{2264}\u{221E} \u{2190}\u{2192} \u{2500}\u{2502}\u{2588} \u{1D400}\u{1D49C} \u{2150}",
    "\u{FEFF}bom \u{FFFD} \u{E000} \u{10FFFD} \u{1}\u{2}\u{1B}[0m\u{7F} \u{AD}soft\u{202E}rtl\u{2581}mark",
    "Zalgo a\u{300}\u{301}\u{302}\u{303}\u{304} \u{0E01}\u{0E38}\u{0E49} \u{1E09}\u{327}",
  ]

  /// Names that many tokenizers share: those that know them have one id for each.
  private static let specialTokens = [
    "<s>", "</s>", "<unk>", "<pad>", "<mask>", "<|endoftext|>", "<|im_start|>", "<|im_end|>",
    "<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>", "<|padding|>", "<|fim_prefix|>",
    "<|end|>", "<bos>", "<eos>", "[CLS]", "[SEP]", "[INST] x [/INST]", "<0x0A>", "<|",
  ]
  .flatMap(around)
}
