#include "CRegex.h"

#include <re2/re2.h>

#include <cstdio>
#include <new>
#include <string>

struct cre_pattern {
  RE2 expression;
  cre_pattern(const std::string &text, const RE2::Options &options) : expression(text, options) {}
};

cre_pattern *cre_compile(const uint8_t *pattern, size_t count, bool is_literal, bool folds_case,
                         char *error, size_t error_size) {
  try {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_literal(is_literal);
    options.set_case_sensitive(!folds_case);
    options.set_max_mem(64 << 20);
    std::string text(reinterpret_cast<const char *>(pattern), count);
    if (!is_literal) text = "(?m)" + text;
    auto *compiled = new cre_pattern(text, options);
    if (compiled->expression.ok()) return compiled;
    // In the words of the pattern as it was given, without the mark that makes `^` match at lines.
    const RE2 plain(re2::StringPiece(reinterpret_cast<const char *>(pattern), count), options);
    const std::string &reason = plain.ok() ? compiled->expression.error() : plain.error();
    std::snprintf(error, error_size, "%s", reason.c_str());
    delete compiled;
  } catch (...) {
    std::snprintf(error, error_size, "no memory");
  }
  return nullptr;
}

void cre_free(cre_pattern *pattern) { delete pattern; }

bool cre_find(const cre_pattern *pattern, const uint8_t *text, size_t count, size_t from,
              size_t *start, size_t *end) {
  try {
    re2::StringPiece piece(reinterpret_cast<const char *>(text), count);
    re2::StringPiece match;
    if (!pattern->expression.Match(piece, from, count, RE2::UNANCHORED, &match, 1)) return false;
    *start = static_cast<size_t>(match.data() - piece.data());
    *end = *start + match.size();
    return true;
  } catch (...) {
    return false;
  }
}
