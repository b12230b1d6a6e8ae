// The affinity mask of the process.
#include "CProcessor.h"

#include <sched.h>

int ck_processor_limit(void) { return CPU_SETSIZE; }

bool ck_processor_allowed(int index) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return index == 0;
  return index >= 0 && index < CPU_SETSIZE && CPU_ISSET(index, &set);
}
