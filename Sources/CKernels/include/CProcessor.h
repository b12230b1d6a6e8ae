// What Swift cannot say about the processor: the spin hint and the affinity mask.
#pragma once

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Tells the processor that this is a waiting loop.
static inline void ck_spin_hint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Processors that the system can have.
int ck_processor_limit(void);
/// Whether this process may run on processor `index`.
bool ck_processor_allowed(int index);

#ifdef __cplusplus
}
#endif
