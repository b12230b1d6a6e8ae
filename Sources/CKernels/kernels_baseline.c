// Four lanes: SSE2 on x86-64, NEON on AArch64.
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include <math.h>

#include "tables.h"

#define CK_LANES 4
#define CK_ISA CK_ISA_BASELINE
#define CK_NAME "baseline"
#define CK_TABLE ck_table_baseline
#include "body/all.inc"
