// 16 lanes.
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include <math.h>

#include "tables.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define CK_LANES 16
#define CK_ISA CK_ISA_AVX512
#define CK_NAME "avx512"
#define CK_TABLE ck_table_avx512
#include "body/all.inc"
#pragma clang attribute pop
#endif
