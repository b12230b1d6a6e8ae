// XXH3 compiled into its callers: keys of a few bytes must not pay for a call into a library.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

typedef struct {
  uint64_t low;
  uint64_t high;
} cxx_hash128;

static inline uint64_t cxx_xxh3_64(const void *bytes, size_t count) {
  return XXH3_64bits(bytes, count);
}

static inline cxx_hash128 cxx_xxh3_128(const void *bytes, size_t count) {
  const XXH128_hash_t hash = XXH3_128bits(bytes, count);
  const cxx_hash128 result = {hash.low64, hash.high64};
  return result;
}
