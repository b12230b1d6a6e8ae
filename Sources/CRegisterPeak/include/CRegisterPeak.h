// The multiply-adds that a processor can do with everything in registers: what no product can exceed.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { RP_F32, RP_BF16, RP_INT8 } rp_type;

/// Runs `rounds` rounds of the widest multiply-adds for `type` that this processor has among vectors of
/// at most `bits`; returns the operations done (two a multiply-add), or 0 where it has none.
int64_t rp_run(rp_type type, int bits, int64_t rounds);

#ifdef __cplusplus
}
#endif
