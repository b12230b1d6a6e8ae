// A narrow door to oneDNN's matrix product: c = a b or c += a b for row-major or transposed
// matrices of f32 or bf16, c in f32, one thread a call. Only shapes are compiled and kept here; every
// buffer belongs to the caller.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Element types.
typedef enum { DN_F32 = 0, DN_BF16 = 1 } dn_type;

/// Instruction sets that the library may be limited to.
typedef enum { DN_LIMIT_SSE41 = 0, DN_LIMIT_AVX2 = 1 } dn_limit_set;

/// The sizes and layouts of a product: a is [m, k], b [k, n], c [m, n]. Strides are in elements.
typedef struct {
  int64_t m, n, k;
  int64_t a_row, a_column;  // one of them is 1
  int64_t b_row, b_column;  // one of them is 1
  int64_t c_row;            // the column stride of c is 1
  dn_type factors;          // of a and b
  bool accumulate;          // c +=
} dn_shape;

typedef struct dn_engine dn_engine;
typedef struct dn_product dn_product;

/// The processor as oneDNN sees it; NULL when there is no memory for it.
dn_engine *dn_engine_create(void);
void dn_engine_destroy(dn_engine *engine);

/// "2.6.3", and the instruction set whose kernels are taken ("avx512_core_bf16", ...).
void dn_version(int version[3]);
const char *dn_instruction_set(void);
/// Lets the library use no wider instruction set than `set`; false after its first use.
bool dn_limit(dn_limit_set set);
/// Whether products of `type` have fast kernels on this processor.
bool dn_supports(dn_type type);

/// Compiles a product. NULL on failure, with oneDNN's status in `status`.
dn_product *dn_product_create(const dn_engine *engine, const dn_shape *shape, int *status);
void dn_product_destroy(dn_product *product);
/// Bytes of scratch memory that one call needs.
size_t dn_product_scratch(const dn_product *product);
/// Runs it on the calling thread. Several threads may run one product at once, each with its own
/// scratch. 0, or oneDNN's status.
int dn_product_run(
    const dn_engine *engine, const dn_product *product, const void *a, const void *b, void *c,
    void *scratch);
