// AVX-VNNI: 8 lanes.
#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,avxvnni"))), apply_to = function)
#define CK_LANES 8
#define CK_DOTS(sum, x, w) _mm256_dpbusd_avx_epi32((__m256i)(sum), (__m256i)(x), (__m256i)(w))
#define CK_BYTE_DOTS ck_byte_dots_avx2
#include "body/byte_dots.inc"
#pragma clang attribute pop
#endif
