#include "CSimdjsonDocument.h"

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

#include "Numbers.h"

namespace od = simdjson::ondemand;
using simdjson::error_code;

struct csj_document {
  std::vector<csj_item> items;
  std::string bytes;
  size_t deepest = 0;
  // The value that is none; null where the fault lies between values.
  const char *fault = nullptr;

  void add(csj_value_kind kind, std::string_view text) {
    const uint64_t start = bytes.size();
    bytes.append(text);
    items.push_back(csj_item{static_cast<uint32_t>(kind), 0, start, bytes.size()});
  }

  void add(csj_value_kind kind) { items.push_back(csj_item{static_cast<uint32_t>(kind), 0, 0, 0}); }

  error_code list(od::array array, size_t depth) {
    if (depth > deepest) return simdjson::DEPTH_ERROR;
    const size_t at = items.size();
    add(CSJ_LIST);
    uint32_t count = 0;
    for (auto element : array) {
      od::value value;
      if (auto error = std::move(element).get(value)) return error;
      if (auto error = visit(value, depth)) return error;
      count++;
    }
    items[at].count = count;
    items[at].end = items.size();
    return simdjson::SUCCESS;
  }

  error_code object(od::object object, size_t depth) {
    if (depth > deepest) return simdjson::DEPTH_ERROR;
    const size_t at = items.size();
    add(CSJ_OBJECT);
    uint32_t count = 0;
    for (auto entry : object) {
      od::field field;
      if (auto error = std::move(entry).get(field)) return error;
      std::string_view name;
      if (auto error = field.unescaped_key().get(name)) return error;
      add(CSJ_TEXT, name);
      od::value value = field.value();
      if (auto error = visit(value, depth)) return error;
      count++;
    }
    items[at].count = count;
    items[at].end = items.size();
    return simdjson::SUCCESS;
  }

  error_code visit(od::value &value, size_t depth) {
    const std::string_view token = value.raw_json_token();
    const auto wrong = [&](error_code error) {
      fault = token.data();
      return error;
    };
    // The value without the white space behind it.
    const std::string_view word = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
    od::json_type type;
    if (auto error = value.type().get(type)) return wrong(error);
    switch (type) {
      case od::json_type::object: {
        od::object inner;
        if (auto error = value.get_object().get(inner)) return error;
        return object(inner, depth + 1);
      }
      case od::json_type::array: {
        od::array inner;
        if (auto error = value.get_array().get(inner)) return error;
        return list(inner, depth + 1);
      }
      case od::json_type::string: {
        std::string_view text;
        if (auto error = value.get_string().get(text)) return wrong(error);
        add(CSJ_TEXT, text);
        return simdjson::SUCCESS;
      }
      case od::json_type::number: {
        if (!csj_is_number(token)) return wrong(simdjson::NUMBER_ERROR);
        add(CSJ_NUMBER, word);
        return simdjson::SUCCESS;
      }
      case od::json_type::boolean: {
        bool flag;
        if (value.get_bool().get(flag) || word != (flag ? "true" : "false")) {
          return wrong(simdjson::TAPE_ERROR);
        }
        add(flag ? CSJ_TRUE : CSJ_FALSE);
        return simdjson::SUCCESS;
      }
      case od::json_type::null: {
        // As a result of its own: read as a plain bool it throws for what only starts like null.
        bool is_null = false;
        if (value.is_null().get(is_null) || !is_null) return wrong(simdjson::TAPE_ERROR);
        add(CSJ_NULL);
        return simdjson::SUCCESS;
      }
      default: return wrong(simdjson::TAPE_ERROR);
    }
  }

  error_code root(od::document &document) {
    od::json_type type;
    if (auto error = document.type().get(type)) return error;
    if (type == od::json_type::object) {
      od::object inner;
      if (auto error = document.get_object().get(inner)) return error;
      return object(inner, 1);
    }
    if (type != od::json_type::array) return simdjson::INCORRECT_TYPE;
    od::array inner;
    if (auto error = document.get_array().get(inner)) return error;
    return list(inner, 1);
  }
};

namespace {

const char *reason(error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR: return "it is not UTF-8";
    case simdjson::STRING_ERROR: return "a wrong escape, or half of a surrogate pair";
    case simdjson::UNESCAPED_CHARS: return "a control character in a string";
    case simdjson::UNCLOSED_STRING: return "a string without an end";
    case simdjson::DEPTH_ERROR: return "nested too deep";
    case simdjson::NUMBER_ERROR: return "expected a number";
    case simdjson::EMPTY: return "it is empty";
    case simdjson::INCORRECT_TYPE: return "expected an object or a list";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return "the end of an object or a list is missing";
    case simdjson::CAPACITY: return "it is too long";
    case simdjson::MEMALLOC: return "there is no memory for it";
    default: return "expected another character";
  }
}

csj_document *parse(
    const uint8_t *bytes, size_t count, size_t deepest, csj_failure *failure) {
  const std::string_view text(reinterpret_cast<const char *>(bytes), count);
  if (text.substr(0, 3) == "\xEF\xBB\xBF") {
    *failure = csj_failure{0, "a byte order mark"};
    return nullptr;
  }
  const simdjson::padded_string padded(text);
  od::parser parser;
  od::document document;
  if (auto error = parser.iterate(padded).get(document)) {
    const bool at_end = error == simdjson::UNCLOSED_STRING || error == simdjson::EMPTY;
    *failure = csj_failure{at_end ? count : 0, reason(error)};
    return nullptr;
  }
  auto *result = new csj_document;
  result->deepest = deepest;
  result->bytes.reserve(count);
  error_code error = result->root(document);
  const char *place = nullptr;
  bool has_place = document.current_location().get(place) == simdjson::SUCCESS;
  if (error == simdjson::SUCCESS && !has_place) return result;
  if (error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT) has_place = false;
  if (result->fault) {
    place = result->fault;
    has_place = true;
  }
  // Something stands behind the document, or inside it is what should not be there.
  *failure = csj_failure{
      has_place ? static_cast<size_t>(place - padded.data()) : count,
      error == simdjson::SUCCESS ? "text after the end of the document" : reason(error)};
  delete result;
  return nullptr;
}

}  // namespace

extern "C" csj_document *csj_document_parse(
    const uint8_t *bytes, size_t count, size_t deepest, csj_failure *failure) {
  try {
    return parse(bytes, count, deepest, failure);
  } catch (...) {
    *failure = csj_failure{0, reason(simdjson::MEMALLOC)};
    return nullptr;
  }
}

extern "C" void csj_document_destroy(csj_document *document) { delete document; }

extern "C" const csj_item *csj_document_items(const csj_document *document, size_t *count) {
  *count = document->items.size();
  return document->items.data();
}

extern "C" const uint8_t *csj_document_bytes(const csj_document *document, size_t *count) {
  *count = document->bytes.size();
  return reinterpret_cast<const uint8_t *>(document->bytes.data());
}
