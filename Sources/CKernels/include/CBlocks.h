// Quantized values in blocks, as ggml stores them: some values of one row with shared scales.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The kinds of blocks.
typedef enum {
  CK_BLOCK_Q4_0,
  CK_BLOCK_Q4_1,
  CK_BLOCK_Q5_0,
  CK_BLOCK_Q5_1,
  CK_BLOCK_Q8_0,
  CK_BLOCK_IQ4_NL,
  CK_BLOCK_Q2_K,
  CK_BLOCK_Q3_K,
  CK_BLOCK_Q4_K,
  CK_BLOCK_Q5_K,
  CK_BLOCK_Q6_K,
  CK_BLOCK_IQ4_XS,
} ck_block_kind;

/// Values of one block.
ptrdiff_t ck_block_values(ck_block_kind kind);

/// Bytes of one block.
ptrdiff_t ck_block_bytes(ck_block_kind kind);

/// out[count * ck_block_values(kind)] from `count` blocks, which may be unaligned; every product and
/// difference is rounded to f32 by itself, in the order of ggml.
void ck_dequantize_blocks(ck_block_kind kind, float *out, const uint8_t *blocks, ptrdiff_t count);

#ifdef __cplusplus
}
#endif
