// A C door to simdjson's on-demand parser: picks named string fields out of one JSON object.
// No exception crosses this border.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "CSimdjsonDocument.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csj_parser csj_parser;

// What a wanted field turned out to be.
typedef enum {
  CSJ_MISSING = 0,
  CSJ_STRING = 1,
  CSJ_OTHER = 2,  // null, a number, a boolean, an array or an object
} csj_kind;

typedef struct {
  csj_kind kind;
  const uint8_t *bytes;  // unescaped UTF-8, valid until the next csj_extract; NULL unless CSJ_STRING
  size_t count;
} csj_field;

typedef enum {
  CSJ_OK = 0,
  CSJ_BAD_UTF8,
  CSJ_BAD_STRING,   // wrong escape, or half of a surrogate pair
  CSJ_NOT_OBJECT,
  CSJ_TOO_DEEP,
  CSJ_TOO_LONG,
  CSJ_NO_MEMORY,
  CSJ_BAD_JSON,
} csj_status;

// Bytes that must be readable behind the last byte of a line.
size_t csj_padding(void);

// Whether `count` bytes are UTF-8: 1 or 0.
int csj_is_utf8(const uint8_t *bytes, size_t count);

// A parser for `path_count` fields, each a key or keys joined by dots. NULL if memory is short.
csj_parser *csj_parser_create(const char *const *paths, size_t path_count);
void csj_parser_destroy(csj_parser *parser);

// Reads one object of `count` bytes, with csj_padding() more readable, and fills `fields`, one for
// each path in their order. The whole object is checked, also what nobody asked for. Of equal keys
// the last one counts, as in most JSON readers. NaN, Infinity and -Infinity are taken as numbers, as
// Python's json writes them.
csj_status csj_extract(csj_parser *parser, const uint8_t *line, size_t count, csj_field *fields);

// Takes one field of an object: its keys joined by dots, and its text if it is a string.
typedef void (*csj_found)(
    void *context, const char *path, csj_kind kind, const uint8_t *bytes, size_t count);

// Calls `found` for every field of one object that is no object itself; 1 if the line was read to
// its end. With `csj_padding()` more bytes readable, as above.
int csj_survey(
    csj_parser *parser, const uint8_t *line, size_t count, csj_found found, void *context);

#ifdef __cplusplus
}
#endif
