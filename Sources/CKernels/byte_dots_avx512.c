// AVX-512 VNNI: 16 lanes.
#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma"))), apply_to = function)
#define CK_LANES 16
#define CK_DOTS(sum, x, w) _mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(x), (__m512i)(w))
#define CK_BYTE_DOTS ck_byte_dots_avx512
#include "body/byte_dots.inc"
#pragma clang attribute pop
#endif
