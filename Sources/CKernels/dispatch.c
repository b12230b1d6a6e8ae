// Which instruction sets this processor has, and their tables.
#include "tables.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

bool ck_isa_supported(ck_isa isa) {
  switch (isa) {
    case CK_ISA_BASELINE:
      return true;
#if defined(__x86_64__)
    case CK_ISA_AVX2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case CK_ISA_AVX512:
      return ck_isa_supported(CK_ISA_AVX2) && __builtin_cpu_supports("avx512f")
          && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
          && __builtin_cpu_supports("avx512vl");
#endif
    default:
      return false;
  }
}

ck_isa ck_isa_best(void) {
  if (ck_isa_supported(CK_ISA_AVX512)) return CK_ISA_AVX512;
  return ck_isa_supported(CK_ISA_AVX2) ? CK_ISA_AVX2 : CK_ISA_BASELINE;
}

const ck_kernels *ck_kernels_for(ck_isa isa) {
#if defined(__x86_64__)
  if (isa == CK_ISA_AVX512) return &ck_table_avx512;
  if (isa == CK_ISA_AVX2) return &ck_table_avx2;
#endif
  (void)isa;
  return &ck_table_baseline;
}

#if defined(__x86_64__)
/// Leaf 7, subleaf 1, EAX bit 4; the operating system keeps 256-bit registers where AVX2 is supported.
static bool has_avx_vnni(void) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && a >= 1
      && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1);
}
#endif

ck_packed_bytes_product ck_byte_dots_for(ck_isa isa) {
#if defined(__x86_64__)
  if (ck_isa_supported(isa)) {
    if (isa == CK_ISA_AVX512 && __builtin_cpu_supports("avx512vnni")) return ck_byte_dots_avx512;
    if (isa == CK_ISA_AVX2 && has_avx_vnni()) return ck_byte_dots_avx2;
  }
#endif
  (void)isa;
  return NULL;
}

ptrdiff_t ck_byte_panel_size(ptrdiff_t k) {
  const ptrdiff_t blocks = (k + CK_BYTE_BLOCK - 1) / CK_BYTE_BLOCK;
  return CK_PANEL * (8 * blocks + (k + 3) / 4 * 4);
}

ptrdiff_t ck_attention_workspace(ptrdiff_t hd) {
  // See attention_backward.inc, the larger user: blocks of 128 keys and 64 queries.
  const ptrdiff_t width = (hd + 15) / 16 * 16;
  return 2 * hd * 128 + 3 * 128 * width + 3 * 64 * width + 2 * 64 * 128;
}

ptrdiff_t ck_scan_workspace(const ck_scan_shape *shape) {
  // See scan_backward.inc; sized for the widest vectors.
  const ptrdiff_t lanes = 16, strip = 64, chunk = 64, group = 4, fields = 8;
  const ptrdiff_t width = (shape->channel_end - shape->channel_start + lanes - 1) / lanes * lanes;
  return shape->states * (3 * width + strip) + 2 * chunk * (shape->states + group) * lanes
      + chunk * fields * strip;
}
