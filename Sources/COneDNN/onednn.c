#include "COneDNN.h"

#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>

// libgomp's; its header belongs to another compiler.
void omp_set_num_threads(int threads);

struct dn_engine {
  dnnl_engine_t engine;
};
struct dn_product {
  dnnl_primitive_t primitive;
  dnnl_memory_desc_t a, b, c, scratch;
};

// oneDNN asks OpenMP how many threads it may use, both when it compiles and when it runs.
static void one_thread(void) { omp_set_num_threads(1); }

static dnnl_data_type_t data_type(dn_type type) {
  switch (type) {
    case DN_F32: return dnnl_f32;
    case DN_BF16: return dnnl_bf16;
  }
  return dnnl_data_type_undef;
}

static dnnl_status_t describe(
    dnnl_memory_desc_t *out, int64_t rows, int64_t columns, int64_t row_stride,
    int64_t column_stride, dn_type type) {
  const dnnl_dims_t sizes = {rows, columns}, strides = {row_stride, column_stride};
  return dnnl_memory_desc_init_by_strides(out, 2, sizes, data_type(type), strides);
}

dn_engine *dn_engine_create(void) {
  dn_engine *self = malloc(sizeof *self);
  if (self && dnnl_engine_create(&self->engine, dnnl_cpu, 0) != dnnl_success) {
    free(self);
    return NULL;
  }
  return self;
}

void dn_engine_destroy(dn_engine *self) {
  dnnl_engine_destroy(self->engine);
  free(self);
}

void dn_version(int version[3]) {
  const dnnl_version_t *v = dnnl_version();
  version[0] = v->major;
  version[1] = v->minor;
  version[2] = v->patch;
}

const char *dn_instruction_set(void) {
  switch ((unsigned)dnnl_get_effective_cpu_isa()) {
    case dnnl_cpu_isa_sse41: return "sse41";
    case dnnl_cpu_isa_avx: return "avx";
    case dnnl_cpu_isa_avx2: return "avx2";
    case dnnl_cpu_isa_avx2_vnni: return "avx2_vnni";
    case dnnl_cpu_isa_avx512_core: return "avx512_core";
    case dnnl_cpu_isa_avx512_core_vnni: return "avx512_core_vnni";
    case dnnl_cpu_isa_avx512_core_bf16: return "avx512_core_bf16";
    case dnnl_cpu_isa_avx512_core_amx: return "avx512_core_amx";
    default: return "other";
  }
}

bool dn_limit(dn_limit_set set) {
  return dnnl_set_max_cpu_isa(set == DN_LIMIT_AVX2 ? dnnl_cpu_isa_avx2 : dnnl_cpu_isa_sse41)
      == dnnl_success;
}

bool dn_supports(dn_type type) {
  const unsigned isa = (unsigned)dnnl_get_effective_cpu_isa();
  const unsigned bf16 = dnnl_cpu_isa_avx512_core_bf16;
  // A set's bits contain those of the sets that it extends.
  return type == DN_F32 || (type == DN_BF16 && (isa & bf16) == bf16);
}

// ---- products -----------------------------------------------------------------------------------

// c += a b is a sum after the product; scratch memory comes from the caller, so that threads may
// share a product.
static int make_attributes(dnnl_primitive_attr_t *attributes, bool accumulate) {
  int status = dnnl_primitive_attr_create(attributes);
  if (!status)
    status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
  if (!status && accumulate) {
    dnnl_post_ops_t after = NULL;
    status = dnnl_post_ops_create(&after);
    if (!status) status = dnnl_post_ops_append_sum(after, 1);
    if (!status) status = dnnl_primitive_attr_set_post_ops(*attributes, after);
    dnnl_post_ops_destroy(after);
  }
  return status;
}

dn_product *dn_product_create(const dn_engine *engine, const dn_shape *s, int *status) {
  one_thread();
  dnnl_matmul_desc_t description;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t compiled = NULL;
  dn_product *self = malloc(sizeof *self);
  if (!self) {
    *status = dnnl_out_of_memory;
    return NULL;
  }
  *status = describe(&self->a, s->m, s->k, s->a_row, s->a_column, s->factors);
  if (!*status)
    *status = describe(&self->b, s->k, s->n, s->b_row, s->b_column, s->factors);
  if (!*status) *status = describe(&self->c, s->m, s->n, s->c_row, 1, DN_F32);
  if (!*status)
    *status = dnnl_matmul_desc_init(&description, &self->a, &self->b, NULL, &self->c);
  if (!*status) *status = make_attributes(&attributes, s->accumulate);
  if (!*status)
    *status =
        dnnl_primitive_desc_create(&compiled, &description, attributes, engine->engine, NULL);
  if (!*status) {
    self->scratch = *dnnl_primitive_desc_query_md(compiled, dnnl_query_scratchpad_md, 0);
    *status = dnnl_primitive_create(&self->primitive, compiled);
  }
  dnnl_primitive_desc_destroy(compiled);
  dnnl_primitive_attr_destroy(attributes);
  if (*status) {
    free(self);
    return NULL;
  }
  return self;
}

void dn_product_destroy(dn_product *self) {
  dnnl_primitive_destroy(self->primitive);
  free(self);
}

size_t dn_product_scratch(const dn_product *self) {
  return dnnl_memory_desc_get_size(&self->scratch);
}

int dn_product_run(
    const dn_engine *engine, const dn_product *self, const void *a, const void *b, void *c,
    void *scratch) {
  one_thread();
  dnnl_stream_t stream = NULL;
  dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_SRC, NULL}, {DNNL_ARG_WEIGHTS, NULL}, {DNNL_ARG_DST, NULL},
      {DNNL_ARG_SCRATCHPAD, NULL}};
  const dnnl_memory_desc_t *layouts[] = {&self->a, &self->b, &self->c, &self->scratch};
  void *const buffers[] = {(void *)a, (void *)b, c, scratch};
  int status = dnnl_stream_create(&stream, engine->engine, dnnl_stream_default_flags);
  for (int i = 0; i < 4 && !status; i++)
    status =
        dnnl_memory_create(&arguments[i].memory, layouts[i], engine->engine, buffers[i]);
  if (!status) status = dnnl_primitive_execute(self->primitive, stream, 4, arguments);
  if (!status) status = dnnl_stream_wait(stream);
  for (int i = 0; i < 4; i++) dnnl_memory_destroy(arguments[i].memory);
  dnnl_stream_destroy(stream);
  return status;
}
