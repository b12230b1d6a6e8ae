#include "CSimdjson.h"

#include <new>

#include "Parser.h"

extern "C" size_t csj_padding(void) { return simdjson::SIMDJSON_PADDING; }

extern "C" int csj_is_utf8(const uint8_t *bytes, size_t count) {
  return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), count) ? 1 : 0;
}

extern "C" csj_parser *csj_parser_create(
    const char *const *paths, size_t text_count, size_t path_count) {
  try {
    auto *parser = new csj_parser;
    for (size_t i = 0; i < path_count; i++) parser->add(paths[i]);
    parser->text_count = text_count;
    parser->chats.resize(text_count);
    parser->ranks.resize(path_count);
    return parser;
  } catch (...) {
    return nullptr;
  }
}

extern "C" void csj_parser_destroy(csj_parser *parser) { delete parser; }

extern "C" csj_status csj_extract(
    csj_parser *parser, const uint8_t *line, size_t count, csj_field *fields) {
  for (size_t i = 0; i < parser->paths.size(); i++) {
    fields[i] = csj_field{CSJ_MISSING, nullptr, 0};
    parser->ranks[i] = SIZE_MAX;
  }
  parser->fields = fields;
  // A line that broke off leaves its ways open.
  parser->ways.resize(parser->paths.size(), csj::step{});
  simdjson::error_code error;
  try {
    error = parser->extract(line, count);
  } catch (...) {
    return CSJ_NO_MEMORY;
  }
  switch (error) {
    case simdjson::SUCCESS: return CSJ_OK;
    case simdjson::UTF8_ERROR: return CSJ_BAD_UTF8;
    case simdjson::STRING_ERROR: return CSJ_BAD_STRING;
    case simdjson::INCORRECT_TYPE: return CSJ_NOT_OBJECT;
    case simdjson::DEPTH_ERROR: return CSJ_TOO_DEEP;
    case simdjson::CAPACITY: return CSJ_TOO_LONG;
    case simdjson::MEMALLOC: return CSJ_NO_MEMORY;
    default: return CSJ_BAD_JSON;
  }
}
