/// Element types of GGUF tensors. Quantized ones come in blocks of values of one row that share
/// their scales.
///
/// Source: ggml's type numbers and block sizes, as gguf-py 0.19 lists them; those that were removed
/// from ggml are known by name alone.
public enum GGUFElementType: UInt32, Sendable, CaseIterable {
  case f32 = 0
  case f16 = 1
  case q4_0 = 2
  case q4_1 = 3
  case q4_2 = 4
  case q4_3 = 5
  case q5_0 = 6
  case q5_1 = 7
  case q8_0 = 8
  case q8_1 = 9
  case q2_K = 10
  case q3_K = 11
  case q4_K = 12
  case q5_K = 13
  case q6_K = 14
  case q8_K = 15
  case iq2_xxs = 16
  case iq2_xs = 17
  case iq3_xxs = 18
  case iq1_s = 19
  case iq4_nl = 20
  case iq3_s = 21
  case iq2_s = 22
  case iq4_xs = 23
  case i8 = 24
  case i16 = 25
  case i32 = 26
  case i64 = 27
  case f64 = 28
  case iq1_m = 29
  case bf16 = 30
  case q4_0_4_4 = 31
  case q4_0_4_8 = 32
  case q4_0_8_8 = 33
  case tq1_0 = 34
  case tq2_0 = 35
  case iq4_nl_4_4 = 36
  case iq4_nl_4_8 = 37
  case iq4_nl_8_8 = 38
  case mxfp4 = 39
  case nvfp4 = 40
  case q1_0 = 41

  /// As ggml writes it: "Q4_K", "F16".
  public var name: String { "\(self)".uppercased() }

  /// Values and bytes of one block.
  public var block: (values: Int, bytes: Int) {
    switch self {
    case .f32, .i32: (1, 4)
    case .f16, .bf16, .i16: (1, 2)
    case .f64, .i64: (1, 8)
    case .i8: (1, 1)
    case .q4_0, .iq4_nl, .q4_0_4_4, .q4_0_4_8, .q4_0_8_8, .iq4_nl_4_4, .iq4_nl_4_8, .iq4_nl_8_8:
      (32, 18)
    case .q4_1: (32, 20)
    case .q4_2: (16, 10)
    case .q4_3: (16, 12)
    case .q5_0: (32, 22)
    case .q5_1: (32, 24)
    case .q8_0: (32, 34)
    case .q8_1: (32, 40)
    case .q2_K: (256, 84)
    case .q3_K: (256, 110)
    case .q4_K: (256, 144)
    case .q5_K: (256, 176)
    case .q6_K: (256, 210)
    case .q8_K: (256, 292)
    case .iq2_xxs: (256, 66)
    case .iq2_xs: (256, 74)
    case .iq3_xxs: (256, 98)
    case .iq1_s: (256, 50)
    case .iq3_s: (256, 110)
    case .iq2_s: (256, 82)
    case .iq4_xs: (256, 136)
    case .iq1_m: (256, 56)
    case .tq1_0: (256, 54)
    case .tq2_0: (256, 66)
    case .mxfp4: (32, 17)
    case .nvfp4: (64, 36)
    case .q1_0: (128, 18)
    }
  }
}
