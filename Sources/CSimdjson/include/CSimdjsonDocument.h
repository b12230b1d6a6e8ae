// A C door to simdjson's on-demand parser: a whole JSON text as a flat list of values.
// No exception crosses this border.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csj_document csj_document;

typedef enum {
  CSJ_NULL = 0,
  CSJ_FALSE,
  CSJ_TRUE,
  CSJ_NUMBER,  // as it is spelt
  CSJ_TEXT,    // unescaped UTF-8
  CSJ_LIST,
  CSJ_OBJECT,
} csj_value_kind;

// A value. Numbers and texts are a range of the document's bytes. What belongs to a list or an object
// follows it, up to item `end`: its elements, or by turns the name and the value of its members.
typedef struct {
  uint32_t kind;   // csj_value_kind
  uint32_t count;  // of elements or members
  uint64_t start;
  uint64_t end;
} csj_item;

// Why a text is no JSON document.
typedef struct {
  size_t offset;
  const char *reason;  // static
} csj_failure;

// Reads an object or a list of `count` bytes (RFC 8259), lists and objects at most `deepest` deep.
// Members keep their order, equal names too. NULL with `failure` filled if it is none.
csj_document *csj_document_parse(
    const uint8_t *bytes, size_t count, size_t deepest, csj_failure *failure);
void csj_document_destroy(csj_document *document);

// The values of a document; the first is the outermost.
const csj_item *csj_document_items(const csj_document *document, size_t *count);
// The bytes that texts and numbers are ranges of.
const uint8_t *csj_document_bytes(const csj_document *document, size_t *count);

#ifdef __cplusplus
}
#endif
