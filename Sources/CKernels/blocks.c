// Values of ggml's blocks in f32. One piece of code for every processor: no product may be joined
// with the difference behind it, so that the bits are those of ggml and gguf-py everywhere.
#include "CBlocks.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

/// f16 bits to f32, exact.
static inline float half_at(const uint8_t *p) {
  const uint32_t bits = (uint32_t)p[0] | (uint32_t)p[1] << 8;
  const uint32_t magnitude = bits & 0x7fffu;
  uint32_t result;
  if (magnitude < 0x400u) {
    // Zero or subnormal: a count of 2^-24.
    const float value = (float)magnitude * 0x1p-24f;
    memcpy(&result, &value, sizeof result);
  } else if (magnitude < 0x7c00u) {
    result = (magnitude << 13) + (112u << 23);
  } else {
    result = (magnitude << 13) | 0x7f800000u;
  }
  result |= (bits & 0x8000u) << 16;
  float value;
  memcpy(&value, &result, sizeof value);
  return value;
}

static inline uint32_t word_at(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

// ---- blocks of 32: low nibbles are the first 16 values, high ones the others -----------------

static void q4_0(float *out, const uint8_t *b) {
  const float d = half_at(b);
  for (int i = 0; i < 16; i++) {
    out[i] = d * (float)((b[2 + i] & 15) - 8);
    out[16 + i] = d * (float)((b[2 + i] >> 4) - 8);
  }
}

static void q4_1(float *out, const uint8_t *b) {
  const float d = half_at(b), m = half_at(b + 2);
  for (int i = 0; i < 16; i++) {
    out[i] = d * (float)(b[4 + i] & 15) + m;
    out[16 + i] = d * (float)(b[4 + i] >> 4) + m;
  }
}

static void q5_0(float *out, const uint8_t *b) {
  const float d = half_at(b);
  const uint32_t high = word_at(b + 2);
  for (int i = 0; i < 16; i++) {
    const int low = (int)(high >> i & 1) << 4, upper = (int)(high >> (16 + i) & 1) << 4;
    out[i] = d * (float)(((b[6 + i] & 15) | low) - 16);
    out[16 + i] = d * (float)(((b[6 + i] >> 4) | upper) - 16);
  }
}

static void q5_1(float *out, const uint8_t *b) {
  const float d = half_at(b), m = half_at(b + 2);
  const uint32_t high = word_at(b + 4);
  for (int i = 0; i < 16; i++) {
    const int low = (int)(high >> i & 1) << 4, upper = (int)(high >> (16 + i) & 1) << 4;
    out[i] = d * (float)((b[8 + i] & 15) | low) + m;
    out[16 + i] = d * (float)((b[8 + i] >> 4) | upper) + m;
  }
}

static void q8_0(float *out, const uint8_t *b) {
  const float d = half_at(b);
  for (int i = 0; i < 32; i++) out[i] = d * (float)(int8_t)b[2 + i];
}

/// The 16 levels of the IQ4 kinds.
static const float iq4_levels[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                     1,    13,   25,  38,  53,  69,  89,  113};

static void iq4_nl(float *out, const uint8_t *b) {
  const float d = half_at(b);
  for (int i = 0; i < 16; i++) {
    out[i] = d * iq4_levels[b[2 + i] & 15];
    out[16 + i] = d * iq4_levels[b[2 + i] >> 4];
  }
}

// ---- blocks of 256: scales of smaller groups, which are quantized too ------------------------

/// 16 groups of 16, 2 bits a value, a scale and a minimum of 4 bits each.
static void q2_k(float *out, const uint8_t *b) {
  const uint8_t *scales = b, *q = b + 16;
  const float d = half_at(b + 80), dmin = half_at(b + 82);
  for (int group = 0; group < 16; group++) {
    const float scale = d * (float)(scales[group] & 15);
    const float minimum = dmin * (float)(scales[group] >> 4);
    const int shift = 2 * (group / 2 % 4);
    const uint8_t *from = q + 32 * (group / 8) + 16 * (group % 2);
    for (int i = 0; i < 16; i++)
      out[16 * group + i] = scale * (float)(from[i] >> shift & 3) - minimum;
  }
}

/// 16 groups of 16, 3 bits a value (the third lies apart, inverted), signed scales of 6 bits.
static void q3_k(float *out, const uint8_t *b) {
  const uint8_t *mask = b, *q = b + 32, *packed = b + 96;
  const float d = half_at(b + 108);
  for (int group = 0; group < 16; group++) {
    const int low = group < 8 ? packed[group] & 15 : packed[group - 8] >> 4;
    const int high = packed[8 + group % 4] >> 2 * (group / 4) & 3;
    const float scale = d * (float)((low | high << 4) - 32);
    const int shift = 2 * (group / 2 % 4), bit = group / 2;
    const uint8_t *from = q + 32 * (group / 8) + 16 * (group % 2);
    const uint8_t *upper = mask + 16 * (group % 2);
    for (int i = 0; i < 16; i++) {
      const int value = (from[i] >> shift & 3) - ((upper[i] >> bit & 1) ? 0 : 4);
      out[16 * group + i] = scale * (float)value;
    }
  }
}

/// Scale and minimum of 6 bits of group 0 ... 7 of the kinds q4_k and q5_k.
static inline void scale_and_minimum(const uint8_t *packed, int group, int *scale, int *minimum) {
  if (group < 4) {
    *scale = packed[group] & 63;
    *minimum = packed[group + 4] & 63;
  } else {
    *scale = (packed[group + 4] & 15) | (packed[group - 4] >> 6) << 4;
    *minimum = (packed[group + 4] >> 4) | (packed[group] >> 6) << 4;
  }
}

/// 8 groups of 32, 4 bits a value.
static void q4_k(float *out, const uint8_t *b) {
  const uint8_t *packed = b + 4, *q = b + 16;
  const float d = half_at(b), dmin = half_at(b + 2);
  for (int group = 0; group < 8; group++) {
    int s, m;
    scale_and_minimum(packed, group, &s, &m);
    const float scale = d * (float)s, minimum = dmin * (float)m;
    const uint8_t *from = q + 32 * (group / 2);
    const int shift = 4 * (group % 2);
    for (int i = 0; i < 32; i++)
      out[32 * group + i] = scale * (float)(from[i] >> shift & 15) - minimum;
  }
}

/// As q4_k with a fifth bit, which lies apart.
static void q5_k(float *out, const uint8_t *b) {
  const uint8_t *packed = b + 4, *upper = b + 16, *q = b + 48;
  const float d = half_at(b), dmin = half_at(b + 2);
  for (int group = 0; group < 8; group++) {
    int s, m;
    scale_and_minimum(packed, group, &s, &m);
    const float scale = d * (float)s, minimum = dmin * (float)m;
    const uint8_t *from = q + 32 * (group / 2);
    const int shift = 4 * (group % 2);
    for (int i = 0; i < 32; i++) {
      const int value = (from[i] >> shift & 15) | (upper[i] >> group & 1) << 4;
      out[32 * group + i] = scale * (float)value - minimum;
    }
  }
}

/// 16 groups of 16, 6 bits a value (the last two lie apart), signed scales of 8 bits.
static void q6_k(float *out, const uint8_t *b) {
  const uint8_t *low = b, *high = b + 128;
  const int8_t *scales = (const int8_t *)(b + 192);
  const float d = half_at(b + 208);
  for (int group = 0; group < 16; group++) {
    const float scale = d * (float)scales[group];
    const int half = group / 8, row = group / 2 % 4, part = 16 * (group % 2);
    const uint8_t *from = low + 64 * half + 32 * (row % 2) + part;
    const uint8_t *upper = high + 32 * half + part;
    const int shift = 4 * (row / 2);
    for (int i = 0; i < 16; i++) {
      const int value = ((from[i] >> shift & 15) | (upper[i] >> 2 * row & 3) << 4) - 32;
      out[16 * group + i] = scale * (float)value;
    }
  }
}

/// 8 groups of 32 of the levels of iq4_nl, signed scales of 6 bits.
static void iq4_xs(float *out, const uint8_t *b) {
  const uint32_t high = (uint32_t)b[2] | (uint32_t)b[3] << 8;
  const uint8_t *low = b + 4, *q = b + 8;
  const float d = half_at(b);
  for (int group = 0; group < 8; group++) {
    const int s = (low[group / 2] >> 4 * (group % 2) & 15) | (int)(high >> 2 * group & 3) << 4;
    const float scale = d * (float)(s - 32);
    for (int i = 0; i < 16; i++) {
      out[32 * group + i] = scale * iq4_levels[q[16 * group + i] & 15];
      out[32 * group + 16 + i] = scale * iq4_levels[q[16 * group + i] >> 4];
    }
  }
}

typedef struct {
  ptrdiff_t values;
  ptrdiff_t bytes;
  void (*dequantize)(float *out, const uint8_t *block);
} block_form;

static const block_form forms[] = {
    [CK_BLOCK_Q4_0] = {32, 18, q4_0},     [CK_BLOCK_Q4_1] = {32, 20, q4_1},
    [CK_BLOCK_Q5_0] = {32, 22, q5_0},     [CK_BLOCK_Q5_1] = {32, 24, q5_1},
    [CK_BLOCK_Q8_0] = {32, 34, q8_0},     [CK_BLOCK_IQ4_NL] = {32, 18, iq4_nl},
    [CK_BLOCK_Q2_K] = {256, 84, q2_k},    [CK_BLOCK_Q3_K] = {256, 110, q3_k},
    [CK_BLOCK_Q4_K] = {256, 144, q4_k},   [CK_BLOCK_Q5_K] = {256, 176, q5_k},
    [CK_BLOCK_Q6_K] = {256, 210, q6_k},   [CK_BLOCK_IQ4_XS] = {256, 136, iq4_xs},
};

ptrdiff_t ck_block_values(ck_block_kind kind) { return forms[kind].values; }

ptrdiff_t ck_block_bytes(ck_block_kind kind) { return forms[kind].bytes; }

void ck_dequantize_blocks(ck_block_kind kind, float *out, const uint8_t *blocks, ptrdiff_t count) {
  const block_form form = forms[kind];
  for (ptrdiff_t i = 0; i < count; i++)
    form.dequantize(out + i * form.values, blocks + i * form.bytes);
}
