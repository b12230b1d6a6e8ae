#include "CRegisterPeak.h"

// A round is CHAINS independent multiply-adds of one vector each: more than their latency times the
// number of units, so that every unit is busy in every cycle.
enum { CHAINS = 12 };

// Keeps the sums without storing them anywhere.
#define USED(sums) __asm__ volatile("" : : "m"(sums))

#if defined(__x86_64__)
#include <immintrin.h>

#define CHAIN_LOOP(vector, start, step)                      \
  vector sums[CHAINS];                                       \
  for (int i = 0; i < CHAINS; i++) sums[i] = start;          \
  for (int64_t round = 0; round < rounds; round++)           \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) sums[i] = step; \
  USED(sums)

__attribute__((target("avx2,fma"))) static int64_t f32_avx2(int64_t rounds) {
  const __m256 a = _mm256_set1_ps(0.999f), b = _mm256_set1_ps(0.001f);
  CHAIN_LOOP(__m256, _mm256_set1_ps((float)i), _mm256_fmadd_ps(sums[i], a, b));
  return rounds * CHAINS * 8 * 2;
}

__attribute__((target("avx512f"))) static int64_t f32_avx512(int64_t rounds) {
  const __m512 a = _mm512_set1_ps(0.999f), b = _mm512_set1_ps(0.001f);
  CHAIN_LOOP(__m512, _mm512_set1_ps((float)i), _mm512_fmadd_ps(sums[i], a, b));
  return rounds * CHAINS * 16 * 2;
}

// A lane sums two products of bf16.
__attribute__((target("avx512f,avx512bf16"))) static int64_t bf16_avx512(int64_t rounds) {
  const __m512bh a = (__m512bh)_mm512_set1_epi16(0x3c00), b = (__m512bh)_mm512_set1_epi16(0x3f00);
  CHAIN_LOOP(__m512, _mm512_set1_ps((float)i), _mm512_dpbf16_ps(sums[i], a, b));
  return rounds * CHAINS * 32 * 2;
}

// A lane sums four products of bytes.
__attribute__((target("avx512f,avx512vnni"))) static int64_t int8_avx512(int64_t rounds) {
  const __m512i a = _mm512_set1_epi8(1), b = _mm512_set1_epi8(-1);
  CHAIN_LOOP(__m512i, _mm512_set1_epi32(i), _mm512_dpbusd_epi32(sums[i], a, b));
  return rounds * CHAINS * 64 * 2;
}

// Two products are added in 16 bits, two of these sums in 32.
__attribute__((target("avx2"))) static int64_t int8_avx2(int64_t rounds) {
  const __m256i a = _mm256_set1_epi8(1), b = _mm256_set1_epi16(1);
  CHAIN_LOOP(
      __m256i, _mm256_set1_epi32(i),
      _mm256_add_epi32(
          sums[i], _mm256_madd_epi16(_mm256_maddubs_epi16(a, sums[i]), b)));
  return rounds * CHAINS * 32 * 2;
}

int64_t rp_run(rp_type type, int bits, int64_t rounds) {
  __builtin_cpu_init();
  const int wide = bits >= 512, middle = bits >= 256;
  switch (type) {
    case RP_F32:
      if (wide && __builtin_cpu_supports("avx512f")) return f32_avx512(rounds);
      return middle && __builtin_cpu_supports("fma") ? f32_avx2(rounds) : 0;
    case RP_BF16: return wide && __builtin_cpu_supports("avx512bf16") ? bf16_avx512(rounds) : 0;
    case RP_INT8:
      if (wide && __builtin_cpu_supports("avx512vnni")) return int8_avx512(rounds);
      return middle && __builtin_cpu_supports("avx2") ? int8_avx2(rounds) : 0;
  }
  return 0;
}
#else
int64_t rp_run(rp_type type, int bits, int64_t rounds) {
  (void)type;
  (void)bits;
  (void)rounds;
  return 0;
}
#endif
