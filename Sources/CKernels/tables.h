// The tables of the three instruction sets; private to this target.
#pragma once
#include "CKernels.h"

extern const ck_kernels ck_table_baseline;
#if defined(__x86_64__)
extern const ck_kernels ck_table_avx2;
extern const ck_kernels ck_table_avx512;
#endif
