// The numeric kernels: single-threaded functions over ranges, in f32, written once with vector
// extensions and compiled for three instruction sets. The caller splits the work (TensorKit's
// ParallelPool) and owns every buffer: a kernel allocates nothing and keeps nothing.
//
// Letters: rows = tokens, d = hidden size, f = intermediate size, hd = head dimension,
// T = sequence length, D = d_inner of Mamba, N = d_state, R = time-step rank, K = conv taps,
// V = vocabulary. Matrices are row-major; `ld...` is a row stride in elements. uint16_t holds bf16
// (or, where named so, f16) bits.
//
// Bytes: a row of activations is cut into blocks of CK_BYTE_BLOCK values, the last one shorter, each
// with a scale: scale = max |x| / 127 (1 where all are zero), byte = 128 + round(x / scale), ties to
// even. Scales are [rows, blocks]; rows end at a multiple of 4 bytes. An infinity or a NaN makes the
// scale of its block NaN.
// Weights are packed in panels of CK_PANEL outputs, block by block: CK_PANEL scales (f32), CK_PANEL
// times -128 * the sum of the block's bytes (s32), which undoes the shift of the activations, and
// the bytes, four neighbours of k of each output side by side. With s the largest |w[i]| + |w[i+1]|
// of a block's pairs: scale = s / 127, byte = round(w / scale). So no pair exceeds 128, and two
// products fit 16 bits.
// "+=" in a comment marks an output that is accumulated into; every other output is overwritten.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CBlocks.h"
#include "CProcessor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Values of a row that share a scale in bytes, and outputs of a panel of packed weights.
enum { CK_BYTE_BLOCK = 64, CK_PANEL = 16 };

/// The instruction sets that the kernels are compiled for.
typedef enum {
  CK_ISA_BASELINE = 0,
  CK_ISA_AVX2 = 1,
  CK_ISA_AVX512 = 2,
} ck_isa;

/// Geometry of one selective scan call: one sequence, channels [channel_start, channel_end).
typedef struct {
  ptrdiff_t length;         // T
  ptrdiff_t channels;       // D, row stride of u, delta, y and of the transposed A
  ptrdiff_t channel_start;  // multiple of 16
  ptrdiff_t channel_end;    // multiple of 16, or D
  ptrdiff_t states;         // N, 1 ... 256
  ptrdiff_t ld_z;           // row stride of z (it is a column block of the in_proj output)
  ptrdiff_t ld_bc;          // row stride of B and C (column blocks of the x_proj output)
  ptrdiff_t chunk;          // tokens between two saved states, 1 ... 64
} ck_scan_shape;

/// What one row of a distillation is computed with. Both tempered sums are over the columns that
/// teacher and student share.
typedef struct {
  float inverse_temperature;    // 1 / T
  float student_lse;            // log sum exp of the student's logits, over its whole vocabulary
  float student_tempered_lse;   // log sum exp of the student's logits / T
  float teacher_tempered_lse;   // log sum exp of the teacher's logits / T; unused without a teacher
  float likelihood_weight;      // of the student's softmax in the gradient
  float divergence_slope;       // of (softmax(student / T) - softmax(teacher / T)) in the gradient
  float mass;                   // without a teacher's row: what softmax(student / T) is multiplied by
} ck_distillation;

/// A row of a policy beside a teacher's: what policy_gradient is told.
typedef struct {
  float inverse_temperature;  // 1 / T
  float student_lse;          // log sum exp(student / T)
  float teacher_lse;          // log sum exp(teacher / T)
  float offset;               // of the gradient, for every column's probability
  float slope;                // of log(q / p) in it
} ck_policy;

/// A product of rows of bytes with packed panels; scales of x are dense.
typedef void (*ck_packed_bytes_product)(
    float *out, ptrdiff_t ld_out, const uint8_t *x, ptrdiff_t ld_x, const float *scales,
    const int8_t *panels, const float *bias, bool accumulate, ptrdiff_t rows, ptrdiff_t outputs,
    ptrdiff_t k);

/// Every kernel of one instruction set.
typedef struct {
  ck_isa isa;
  const char *name;

  // ---- normalisation -------------------------------------------------------------------------
  /// out[r,:] = x[r,:] * rstd[r] * w, rstd[r] = 1/sqrt(mean(x^2) + eps). rstd may be NULL.
  void (*rms_norm_forward)(
      float *out, float *rstd, const float *x, const float *w, ptrdiff_t rows, ptrdiff_t d,
      float eps);
  /// As rms_norm_forward, rounded to the nearest bf16, ties to even.
  void (*rms_norm_forward_bf16)(
      uint16_t *out, float *rstd, const float *x, const float *w, ptrdiff_t rows, ptrdiff_t d,
      float eps);
  /// As rms_norm_forward, each row in bytes.
  void (*rms_norm_forward_u8)(
      uint8_t *out, ptrdiff_t ld_out, float *scales, float *rstd, const float *x, const float *w,
      ptrdiff_t rows, ptrdiff_t d, float eps);
  /// dx[rows,d] +=, dw[d] +=; dx = rstd (w g - xhat mean(w g xhat)), dw = sum_r g xhat.
  void (*rms_norm_backward)(
      float *dx, float *dw, const float *dy, const float *x, const float *w, const float *rstd,
      ptrdiff_t rows, ptrdiff_t d);

  // ---- rotary embedding, "rotate half" layout --------------------------------------------------
  /// In place on x[rows, heads*hd] (row stride ld). cos, sin: [max_position, hd/2];
  /// positions[rows]. sign +1 forward, -1 backward (the transpose).
  void (*rope)(
      float *x, ptrdiff_t ld, const int32_t *positions, const float *cos, const float *sin,
      ptrdiff_t rows, ptrdiff_t heads, ptrdiff_t hd, float sign);

  // ---- SwiGLU ----------------------------------------------------------------------------------
  /// out[r,i] = silu(gate[r,i]) * up[r,i].
  void (*swiglu_forward)(
      float *out, ptrdiff_t ld_out, const float *gate, ptrdiff_t ld_gate, const float *up,
      ptrdiff_t ld_up, ptrdiff_t rows, ptrdiff_t f);
  /// As swiglu_forward, rounded to the nearest bf16, ties to even.
  void (*swiglu_forward_bf16)(
      uint16_t *out, ptrdiff_t ld_out, const float *gate, ptrdiff_t ld_gate, const float *up,
      ptrdiff_t ld_up, ptrdiff_t rows, ptrdiff_t f);
  /// As swiglu_forward, each row in bytes.
  void (*swiglu_forward_u8)(
      uint8_t *out, ptrdiff_t ld_out, float *scales, const float *gate, ptrdiff_t ld_gate,
      const float *up, ptrdiff_t ld_up, ptrdiff_t rows, ptrdiff_t f);
  /// dgate and dup may alias gate and up. If out is not NULL it receives the forward product
  /// again (recomputed, so that it need not be saved).
  void (*swiglu_backward)(
      float *dgate, ptrdiff_t ld_dgate, float *dup, ptrdiff_t ld_dup, float *out,
      ptrdiff_t ld_out, const float *dout, ptrdiff_t ld_dout, const float *gate,
      ptrdiff_t ld_gate, const float *up, ptrdiff_t ld_up, ptrdiff_t rows, ptrdiff_t f);

  // ---- causal attention, flash style -----------------------------------------------------------
  /// Queries [query_start, query_start + query_count) of ONE sequence and ONE query head; q, k, v,
  /// out point at the sequence's first row and the head's first column. A query at t sees keys
  /// t - window + 1...t; a window of the sequence's length or more hides nothing. lse[t] (stride 1,
  /// from the sequence's first row) receives log sum exp of the scaled scores; may be NULL. workspace: attention_workspace(hd) floats.
  void (*attention_forward)(
      float *out, ptrdiff_t ld_out, float *lse, const float *q, ptrdiff_t ld_q, const float *k,
      ptrdiff_t ld_k, const float *v, ptrdiff_t ld_v, ptrdiff_t query_start,
      ptrdiff_t query_count, ptrdiff_t window, ptrdiff_t hd, float scale, float *workspace);
  /// ONE sequence of length T, ONE key/value head and its group of query heads, whose columns lie
  /// head_stride floats apart in q, dq, out, dout and lse_stride apart in lse.
  /// dq, dk, dv are overwritten. workspace: attention_workspace(hd) floats + group * T.
  void (*attention_backward)(
      float *dq, ptrdiff_t ld_dq, float *dk, ptrdiff_t ld_dk, float *dv, ptrdiff_t ld_dv,
      const float *dout, ptrdiff_t ld_dout, const float *out, ptrdiff_t ld_out, const float *lse,
      ptrdiff_t lse_stride, const float *q, ptrdiff_t ld_q, const float *k, ptrdiff_t ld_k,
      const float *v, ptrdiff_t ld_v, ptrdiff_t T, ptrdiff_t window, ptrdiff_t group,
      ptrdiff_t head_stride, ptrdiff_t hd, float scale, float *workspace);

  // ---- decoding: one new token of ONE sequence --------------------------------------------------
  /// `heads` query heads that share one key/value head, side by side in q and out [heads, hd].
  /// k and v: `count` rows of hd floats, each padded with zeros to a multiple of 16 floats.
  void (*attention_cached)(
      float *out, const float *q, const float *k, const float *v, ptrdiff_t count,
      ptrdiff_t heads, ptrdiff_t hd, float scale);
  /// out[m, n] = (or += when `accumulate`) x[m, k] w[n, k]^T for few rows; a row's result does not
  /// depend on m.
  void (*few_rows_product)(
      float *out, ptrdiff_t ld_out, const float *x, ptrdiff_t ld_x, const float *w,
      ptrdiff_t ld_w, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, bool accumulate);
  /// As conv_silu_forward, with the K - 1 inputs before the first in window [K - 1, D], which
  /// receives the last K - 1 inputs.
  void (*conv_silu_window)(
      float *out, ptrdiff_t ld_out, float *window, const float *x, ptrdiff_t ld_x, const float *w,
      const float *bias, ptrdiff_t T, ptrdiff_t D, ptrdiff_t start, ptrdiff_t end, ptrdiff_t K);

  // ---- Mamba -----------------------------------------------------------------------------------
  /// Depthwise causal convolution with SiLU over ONE sequence, channels [start, end).
  /// out[t,c] = silu(bias[c] + sum_k w[k,c] x[t-K+1+k, c]); x before the start is zero.
  /// w is [K, D] (transposed from the checkpoint's [D,1,K]); bias may be NULL. K is 1 ... 16.
  void (*conv_silu_forward)(
      float *out, ptrdiff_t ld_out, const float *x, ptrdiff_t ld_x, const float *w,
      const float *bias, ptrdiff_t T, ptrdiff_t D, ptrdiff_t start, ptrdiff_t end, ptrdiff_t K);
  /// dx[T,D] overwritten; dw[K,D] +=, dbias[D] += (dbias may be NULL). dout is overwritten by the
  /// gradient before SiLU.
  void (*conv_silu_backward)(
      float *dx, ptrdiff_t ld_dx, float *dw, float *dbias, float *dout, ptrdiff_t ld_dout,
      const float *x, ptrdiff_t ld_x, const float *w, const float *bias, ptrdiff_t T, ptrdiff_t D,
      ptrdiff_t start, ptrdiff_t end, ptrdiff_t K);
  /// Selective scan of ONE sequence (Mamba, algorithm 2), fused with softplus, D u and the gate:
  ///   delta = softplus(dt + dt_bias); h_t = exp(delta A) h_{t-1} + delta u_t B_t
  ///   y_t = sum_n C_t h_t + Dskip u_t; out_t = y_t silu(z_t)
  /// u, dt, out: [T, D]; z: [T, D] stride ld_z; B, C: [T, N] stride ld_bc; A: [N, D] (negative,
  /// transposed); dt_bias, Dskip: [D]. h0 (may be NULL = zeros) and h_last (may be NULL): [N, D].
  /// saved (may be NULL): [ceil(T/chunk), N, D], the state before each chunk.
  void (*scan_forward)(
      float *out, float *saved, float *h_last, const float *h0, const float *u, const float *dt,
      const float *z, const float *B, const float *C, const float *A, const float *Dskip,
      const float *dt_bias, const ck_scan_shape *shape);
  /// Backward of scan_forward for h0 = 0. dout: [T, D]. du, ddt: [T, D] overwritten (ddt is the
  /// gradient before softplus, so dt_bias's gradient is its column sum; it is added to ddt_bias[D]
  /// +=). dz overwritten, row stride ld_z. dA[N, D] += (gradient of A itself; times A gives A_log's).
  /// dDskip[D] +=. dB, dC: [T, N] row stride N, +=: give each channel range its own partial and add
  /// them in order. workspace: scan_workspace(shape) floats.
  void (*scan_backward)(
      float *du, float *ddt, float *dz, float *dB, float *dC, float *dA, float *dDskip,
      float *ddt_bias, const float *dout, const float *saved, const float *u, const float *dt,
      const float *z, const float *B, const float *C, const float *A, const float *Dskip,
      const float *dt_bias, const ck_scan_shape *shape, float *workspace);

  // ---- output head and loss, one vocabulary tile ----------------------------------------------
  /// logits: [rows, cols], columns first_column ... of the vocabulary. Keeps running maximum[rows]
  /// and sum[rows] (start with -INFINITY and 0) of exp(logit - maximum), and writes
  /// target_logit[r] when target[r] lies in the tile. target < 0 = none.
  void (*cross_entropy_tile)(
      float *maximum, float *sum, float *target_logit, const float *logits, ptrdiff_t ld,
      const int32_t *target, ptrdiff_t rows, ptrdiff_t cols, ptrdiff_t first_column);
  /// logits <- (exp(logit - lse[r]) - [column == target[r]]) * weight[r], in place.
  void (*cross_entropy_tile_gradient)(
      float *logits, ptrdiff_t ld, const int32_t *target, const float *lse, const float *weight,
      ptrdiff_t rows, ptrdiff_t cols, ptrdiff_t first_column);

  // ---- distillation, one row over the columns that teacher and student share --------------------
  /// *maximum = the largest logit, *sum = sum exp((logit - *maximum) factor).
  void (*log_sum_exp_tempered)(
      float *maximum, float *sum, const float *logits, ptrdiff_t cols, float factor);
  /// With q the student's softmax, q' and p those at temperature T of student and teacher:
  ///   student <- likelihood_weight q + divergence_slope (q' - p), in place,
  ///   part    <- divergence_slope (q' - p); may be NULL, or the teacher's row itself,
  ///   *divergence = sum p log(p / q'), *entropy = -sum p log p.
  /// Without a teacher's row (NULL) mass q' stands for q' - p, and both sums stay untouched.
  void (*distillation_gradient)(
      double *divergence, double *entropy, float *student, const float *teacher, float *part,
      const ck_distillation *row, ptrdiff_t cols);

  /// With q and p the softmaxes at temperature T of student and teacher: sum q log(q / p).
  double (*reverse_divergence)(
      const float *student, const float *teacher, const ck_policy *row, ptrdiff_t cols);
  /// student <- q (offset + slope log(q / p)), in place.
  void (*policy_gradient)(
      float *student, const float *teacher, const ck_policy *row, ptrdiff_t cols);

  // ---- sampling ---------------------------------------------------------------------------------
  /// out[i] = exp((x[i] - highest) factor); returns their sum, formed in double.
  double (*exponentials)(float *out, const float *x, float highest, float factor, ptrdiff_t n);

  // ---- rows and vectors ------------------------------------------------------------------------
  /// out[r,:] = table[ids[r],:].
  void (*gather_rows)(
      float *out, const float *table, const int32_t *ids, ptrdiff_t rows, ptrdiff_t d);
  /// out[r,:] = table[ids[r],:], widened from bf16.
  void (*gather_rows_bf16)(
      float *out, const uint16_t *table, const int32_t *ids, ptrdiff_t rows, ptrdiff_t d);
  /// The same from panels as pack_bf16 makes them.
  void (*gather_panels_bf16)(
      float *out, const uint16_t *panels, const int32_t *ids, ptrdiff_t rows, ptrdiff_t d);
  /// x[r,:] += bias.
  void (*add_bias)(float *x, ptrdiff_t ld, const float *bias, ptrdiff_t rows, ptrdiff_t cols);
  /// out[c] += sum_r x[r,c], rows in order.
  void (*column_sum)(float *out, const float *x, ptrdiff_t ld, ptrdiff_t rows, ptrdiff_t cols);
  /// y += a x.
  void (*axpy)(float *y, const float *x, float a, ptrdiff_t n);
  /// y *= a.
  void (*scale)(float *y, float a, ptrdiff_t n);
  /// Sum of squares, in double.
  double (*sum_of_squares)(const float *x, ptrdiff_t n);
  /// Whether every value is finite.
  bool (*all_finite)(const float *x, ptrdiff_t n);

  // ---- optimiser -------------------------------------------------------------------------------
  /// AdamW as torch.optim.AdamW: w -= lr wd w; m, v moments of g * gradient_scale;
  /// w -= lr (m / correction1) / (sqrt(v / correction2) + eps), correction = 1 - beta^t.
  void (*adamw)(
      float *w, const float *g, float *m, float *v, ptrdiff_t n, float lr, float beta1,
      float beta2, float eps, float weight_decay, float correction1, float correction2,
      float gradient_scale);

  // ---- conversions -----------------------------------------------------------------------------
  void (*bf16_to_f32)(float *out, const uint16_t *x, ptrdiff_t n);
  void (*f16_to_f32)(float *out, const uint16_t *x, ptrdiff_t n);
  /// Round to nearest even; NaN stays NaN.
  void (*f32_to_bf16)(uint16_t *out, const float *x, ptrdiff_t n);
  void (*f32_to_f16)(uint16_t *out, const float *x, ptrdiff_t n);
  /// f32_to_bf16 of each row.
  void (*rows_to_bf16)(
      uint16_t *out, ptrdiff_t ld_out, const float *x, ptrdiff_t ld, ptrdiff_t rows,
      ptrdiff_t cols);
  /// The rows of x in bytes.
  void (*rows_to_u8)(
      uint8_t *out, ptrdiff_t ld_out, float *scales, const float *x, ptrdiff_t ld, ptrdiff_t rows,
      ptrdiff_t cols);

  // ---- products with packed weights ------------------------------------------------------------
  /// Packs the weights of outputs first ... first + rows - 1, which are rows of w; `panels` begins at
  /// output 0 and was zero. A panel takes ck_byte_panel_size(cols) bytes.
  void (*pack_bytes)(
      int8_t *panels, const float *w, ptrdiff_t ld, ptrdiff_t first, ptrdiff_t rows,
      ptrdiff_t cols);
  /// out[rows, outputs] = x w^T + bias, added to out when `accumulate`; bias may be NULL. The sums of
  /// a block are exact; scaled, they are added in f32 in their order. The bits of an output depend
  /// on its row and its weights only.
  ck_packed_bytes_product packed_bytes_product;
  /// As pack_bytes for bf16, rounded to nearest even: a panel holds pairs of neighbours of k of each
  /// output, 2 CK_PANEL ceil(cols / 2) values.
  void (*pack_bf16)(
      uint16_t *panels, const float *w, ptrdiff_t ld, ptrdiff_t first, ptrdiff_t rows,
      ptrdiff_t cols);
  /// As packed_bytes_product, for f32 rows and panels of bf16; every sum is one chain over k in f32.
  void (*packed_bf16_product)(
      float *out, ptrdiff_t ld_out, const float *x, ptrdiff_t ld_x, const uint16_t *panels,
      const float *bias, bool accumulate, ptrdiff_t rows, ptrdiff_t outputs, ptrdiff_t k);
} ck_kernels;

/// Whether this processor can run `isa`.
bool ck_isa_supported(ck_isa isa);
/// The best instruction set of this processor.
ck_isa ck_isa_best(void);
/// The kernels of one instruction set; the caller checks ck_isa_supported first.
const ck_kernels *ck_kernels_for(ck_isa isa);

/// packed_bytes_product with instructions that add four products of bytes (AVX-VNNI, AVX-512 VNNI);
/// NULL where this processor has none beside `isa`. The same bits, faster.
ck_packed_bytes_product ck_byte_dots_for(ck_isa isa);

/// Bytes of a panel of weights [CK_PANEL, k].
ptrdiff_t ck_byte_panel_size(ptrdiff_t k);
/// Floats of workspace that attention needs for a head dimension.
ptrdiff_t ck_attention_workspace(ptrdiff_t hd);
/// Floats of workspace that scan_backward needs.
ptrdiff_t ck_scan_workspace(const ck_scan_shape *shape);

#ifdef __cplusplus
}
#endif
