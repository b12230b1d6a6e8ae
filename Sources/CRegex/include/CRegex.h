// A C door to RE2: regular expressions whose time is linear in the text, whatever the pattern.
// No exception crosses this border.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cre_pattern cre_pattern;

// Compiles a pattern; `^` and `$` match at lines. NULL if it cannot be, with the reason in `error`.
cre_pattern *cre_compile(const uint8_t *pattern, size_t count, bool is_literal, bool folds_case,
                         char *error, size_t error_size);
void cre_free(cre_pattern *pattern);

// Finds the first match at or behind `from`; any number of threads may search with one pattern.
bool cre_find(const cre_pattern *pattern, const uint8_t *text, size_t count, size_t from,
              size_t *start, size_t *end);

#ifdef __cplusplus
}
#endif
