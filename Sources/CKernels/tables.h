// The tables of the three instruction sets; private to this target.
#pragma once
#include "CKernels.h"

extern const ck_kernels ck_table_baseline;
#if defined(__x86_64__)
extern const ck_kernels ck_table_avx2;
extern const ck_kernels ck_table_avx512;
void ck_byte_dots_avx2(
    float *out, ptrdiff_t ld_out, const uint8_t *x, ptrdiff_t ld_x, const float *scales,
    const int8_t *panels, const float *bias, bool accumulate, ptrdiff_t rows, ptrdiff_t outputs,
    ptrdiff_t k);
void ck_byte_dots_avx512(
    float *out, ptrdiff_t ld_out, const uint8_t *x, ptrdiff_t ld_x, const float *scales,
    const int8_t *panels, const float *bias, bool accumulate, ptrdiff_t rows, ptrdiff_t outputs,
    ptrdiff_t k);
#endif
