#include "CSimdjson.h"

#include <simdjson.h>

#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "Numbers.h"

namespace od = simdjson::ondemand;
using simdjson::error_code;

namespace {

// As deep as Python's json goes; simdjson's own limit is 1024.
constexpr int deepest = 990;

// The wanted paths as a tree of keys: node 0 is the object itself.
struct node {
  int field = -1;  // index of the wanted field, -1 if only a step on the way
  std::vector<std::pair<std::string, int>> children;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What Python's json writes for numbers that JSON has no words for, and reads again.
bool is_python_constant(std::string_view text) {
  const size_t last = text.find_last_not_of(" \t\r\n");
  const std::string_view word = text.substr(0, last + 1);
  return word == "NaN" || word == "Infinity" || word == "-Infinity";
}

// Whether a line starts like a JSON value that is no object.
bool starts_other_value(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  const char c = text[first];
  return c == '[' || c == '"' || c == '-' || is_digit(c);
}

}  // namespace

struct csj_parser {
  od::parser parser;
  std::vector<node> nodes{1};
  csj_field *fields = nullptr;

  void add(const char *path, int field) {
    int at = 0;
    std::string_view rest(path);
    while (true) {
      const size_t dot = rest.find('.');
      const std::string_view key = rest.substr(0, dot);
      int next = -1;
      for (auto &child : nodes[at].children) {
        if (child.first == key) next = child.second;
      }
      if (next < 0) {
        next = static_cast<int>(nodes.size());
        nodes[at].children.emplace_back(std::string(key), next);
        nodes.emplace_back();
      }
      at = next;
      if (dot == std::string_view::npos) break;
      rest.remove_prefix(dot + 1);
    }
    nodes[at].field = field;
  }

  int child(int at, std::string_view key) const {
    if (at < 0) return -1;
    for (auto &entry : nodes[at].children) {
      if (entry.first == key) return entry.second;
    }
    return -1;
  }

  error_code walk(od::object object, int at, int depth) {
    for (auto entry : object) {
      od::field field;
      if (auto error = std::move(entry).get(field)) return error;
      std::string_view key;
      if (auto error = field.unescaped_key().get(key)) return error;
      od::value value = field.value();
      if (auto error = visit(value, child(at, key), depth)) return error;
    }
    return simdjson::SUCCESS;
  }

  error_code visit(od::value &value, int at, int depth) {
    if (depth > deepest) return simdjson::DEPTH_ERROR;
    csj_field *wanted = at >= 0 && nodes[at].field >= 0 ? &fields[nodes[at].field] : nullptr;
    if (wanted) *wanted = csj_field{CSJ_OTHER, nullptr, 0};
    od::json_type type;
    if (auto error = value.type().get(type)) {
      return is_python_constant(value.raw_json_token()) ? simdjson::SUCCESS : error;
    }
    switch (type) {
      case od::json_type::object: {
        od::object object;
        if (auto error = value.get_object().get(object)) return error;
        return walk(object, at, depth + 1);
      }
      case od::json_type::array: {
        od::array array;
        if (auto error = value.get_array().get(array)) return error;
        for (auto element : array) {
          od::value item;
          if (auto error = std::move(element).get(item)) return error;
          if (auto error = visit(item, -1, depth + 1)) return error;
        }
        return simdjson::SUCCESS;
      }
      case od::json_type::string: {
        std::string_view text;
        if (auto error = value.get_string().get(text)) return error;
        if (wanted) {
          *wanted = csj_field{
              CSJ_STRING, reinterpret_cast<const uint8_t *>(text.data()), text.size()};
        }
        return simdjson::SUCCESS;
      }
      case od::json_type::number: {
        // The iteration itself steps over a value that nobody took.
        const std::string_view token = value.raw_json_token();
        return csj_is_number(token) || is_python_constant(token) ? simdjson::SUCCESS
                                                             : simdjson::NUMBER_ERROR;
      }
      case od::json_type::boolean: {
        bool ignored;
        return value.get_bool().get(ignored);
      }
      case od::json_type::null: {
        // As a result of its own: read as a plain bool it throws for what only starts like null.
        bool is_null = false;
        if (value.is_null().get(is_null) || !is_null) return simdjson::N_ATOM_ERROR;
        return simdjson::SUCCESS;
      }
    }
    return simdjson::TAPE_ERROR;
  }

  // Calls `found` for every field that is no object, with its keys joined by dots.
  error_code survey(
      od::object object, std::string &path, int depth, csj_found found, void *context) {
    if (depth > deepest) return simdjson::DEPTH_ERROR;
    for (auto entry : object) {
      od::field field;
      if (auto error = std::move(entry).get(field)) return error;
      std::string_view key;
      if (auto error = field.unescaped_key().get(key)) return error;
      const size_t before = path.size();
      if (before > 0) path += '.';
      path += key;
      od::value value = field.value();
      od::json_type type;
      if (auto error = value.type().get(type)) {
        if (!is_python_constant(value.raw_json_token())) return error;
        type = od::json_type::number;
      }
      if (type == od::json_type::object) {
        od::object inner;
        if (auto error = value.get_object().get(inner)) return error;
        if (auto error = survey(inner, path, depth + 1, found, context)) return error;
      } else if (type == od::json_type::string) {
        std::string_view text;
        if (auto error = value.get_string().get(text)) return error;
        found(context, path.c_str(), CSJ_STRING, reinterpret_cast<const uint8_t *>(text.data()),
              text.size());
      } else {
        found(context, path.c_str(), CSJ_OTHER, nullptr, 0);
      }
      path.resize(before);
    }
    return simdjson::SUCCESS;
  }

  error_code survey(const uint8_t *line, size_t count, csj_found found, void *context) {
    od::document document;
    const char *text = reinterpret_cast<const char *>(line);
    const simdjson::padded_string_view view(text, count, count + simdjson::SIMDJSON_PADDING);
    if (auto error = parser.iterate(view).get(document)) return error;
    od::object object;
    if (auto error = document.get_object().get(object)) return error;
    std::string path;
    return survey(object, path, 1, found, context);
  }

  error_code extract(const uint8_t *line, size_t count) {
    od::document document;
    const char *text = reinterpret_cast<const char *>(line);
    const simdjson::padded_string_view view(text, count, count + simdjson::SIMDJSON_PADDING);
    if (auto error = parser.iterate(view).get(document)) return error;
    od::object object;
    if (auto error = document.get_object().get(object)) {
      return starts_other_value(view) ? error : simdjson::TAPE_ERROR;
    }
    // Inside the object a wrong type means a misspelt literal.
    if (auto error = walk(object, 0, 1)) {
      return error == simdjson::INCORRECT_TYPE ? simdjson::TAPE_ERROR : error;
    }
    // Nothing may follow the object: only then is there no current location.
    const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    return at_end ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
  }
};

extern "C" size_t csj_padding(void) { return simdjson::SIMDJSON_PADDING; }

extern "C" int csj_is_utf8(const uint8_t *bytes, size_t count) {
  return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), count) ? 1 : 0;
}

extern "C" csj_parser *csj_parser_create(const char *const *paths, size_t path_count) {
  try {
    auto *parser = new csj_parser;
    for (size_t i = 0; i < path_count; i++) parser->add(paths[i], static_cast<int>(i));
    return parser;
  } catch (...) {
    return nullptr;
  }
}

extern "C" void csj_parser_destroy(csj_parser *parser) { delete parser; }

extern "C" int csj_survey(
    csj_parser *parser, const uint8_t *line, size_t count, csj_found found, void *context) {
  try {
    return parser->survey(line, count, found, context) == simdjson::SUCCESS ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

extern "C" csj_status csj_extract(
    csj_parser *parser, const uint8_t *line, size_t count, csj_field *fields) {
  for (auto &entry : parser->nodes) {
    if (entry.field >= 0) fields[entry.field] = csj_field{CSJ_MISSING, nullptr, 0};
  }
  parser->fields = fields;
  error_code error;
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
