// 8 lanes.
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include <math.h>

#include "tables.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define CK_LANES 8
#define CK_ISA CK_ISA_AVX2
#define CK_NAME "avx2"
#define CK_TABLE ck_table_avx2
#include "body/all.inc"
#pragma clang attribute pop
#endif
