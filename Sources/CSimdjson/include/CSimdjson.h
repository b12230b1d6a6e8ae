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
  CSJ_OTHER = 2,   // an array or an object
  CSJ_SCALAR = 3,  // a number, true or false; bytes as they are spelt
  CSJ_NONE = 4,    // null
} csj_kind;

typedef struct {
  csj_kind kind;
  const uint8_t *bytes;  // unescaped UTF-8, valid until the next csj_extract; NULL unless there are any
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

// A parser for `path_count` fields. NULL if memory is short.
//
// A path is a key, or keys joined by dots. A dot may also belong to a key: the fewest keys that a line
// has for a path count, so that a key with a dot comes before an object of that name. Behind a backslash
// a character stands for itself: a dot that joins nothing, a comma, a backslash.
//
// The first `text_count` fields are texts. A list of messages counts as a text, too: its contents,
// without those that are empty, joined by blank lines. A message is an object with `content`, or with a
// speaker (`role`, `from`, `speaker`, `author`) and `value` or `text`: a string, null, or a list of
// strings and of parts with a `text`.
csj_parser *csj_parser_create(const char *const *paths, size_t text_count, size_t path_count);
void csj_parser_destroy(csj_parser *parser);

// Reads one object of `count` bytes, with csj_padding() more readable, and fills `fields`, one for
// each path in their order. The whole object is checked, also what nobody asked for. Of equal keys
// the last one counts, as in most JSON readers. NaN, Infinity and -Infinity are taken as numbers, as
// Python's json writes them.
csj_status csj_extract(csj_parser *parser, const uint8_t *line, size_t count, csj_field *fields);

// What a survey sees of one field of an object.
typedef struct {
  csj_kind kind;
  const uint8_t *bytes;  // of a string, or of a number, true or false as they are spelt
  size_t count;          // of these, of the joined contents of messages, of a list as it is spelt
  size_t keys;           // of its path
  size_t elements;       // of a list
  size_t objects;        // of these, how many are objects
  size_t strings;        // of these, how many are strings
  int is_chat;           // whether a list is one of messages
} csj_value;

// Takes one field of an object: its path, with backslashes where one is needed to read it back.
typedef void (*csj_found)(void *context, const char *path, const csj_value *value);

// Calls `found` for every field of one object that is no object itself; 1 if the line was read to
// its end. With `csj_padding()` more bytes readable, as above.
int csj_survey(
    csj_parser *parser, const uint8_t *line, size_t count, csj_found found, void *context);

#ifdef __cplusplus
}
#endif
