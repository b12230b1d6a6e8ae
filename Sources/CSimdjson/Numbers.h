#pragma once

#include <string_view>

// The number grammar of RFC 8259, white space may follow. simdjson's own check also rejects what is
// too large for 64 bits.
inline bool csj_is_number(std::string_view text) {
  size_t i = 0;
  const size_t n = text.size();
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  auto digits = [&] {
    const size_t start = i;
    while (i < n && is_digit(text[i])) i++;
    return i > start;
  };
  if (i < n && text[i] == '-') i++;
  if (i < n && text[i] == '0') {
    i++;
  } else if (!digits()) {
    return false;
  }
  if (i < n && text[i] == '.') {
    i++;
    if (!digits()) return false;
  }
  if (i < n && (text[i] == 'e' || text[i] == 'E')) {
    i++;
    if (i < n && (text[i] == '+' || text[i] == '-')) i++;
    if (!digits()) return false;
  }
  while (i < n && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r')) i++;
  return i == n;
}
