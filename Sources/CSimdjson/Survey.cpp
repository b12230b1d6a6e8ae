// What the fields of an object hold, for who has to guess which of them is the text.
#include "Parser.h"

namespace od = simdjson::ondemand;
using simdjson::error_code;

namespace {

// Adds a key to a path so that it can be read back.
void append_key(std::string &path, std::string_view key) {
  for (const char c : key) {
    if (c == '\\' || c == ',') path += '\\';
    path += c;
  }
}

// What a list holds, read once more by a parser of its own.
void look(std::string_view raw, csj_value &seen) {
  seen.kind = CSJ_OTHER;
  seen.count = raw.size();
  const simdjson::padded_string padded(raw);
  csj_parser own;
  od::document document;
  od::array array;
  if (own.parser.iterate(padded).get(document) || document.get_array().get(array)) return;
  std::string text;
  bool is_chat = false;
  if (own.chat(array, 1, text, is_chat)) return;
  if (is_chat) {
    seen.is_chat = 1;
    seen.count = text.size();
  }
  if (own.parser.iterate(padded).get(document) || document.get_array().get(array)) return;
  for (auto element : array) {
    od::value item;
    od::json_type type;
    if (std::move(element).get(item)) return;
    seen.elements++;
    if (item.type().get(type)) continue;
    seen.objects += type == od::json_type::object;
    seen.strings += type == od::json_type::string;
  }
}

// Calls `found` for every field that is no object.
error_code survey(
    od::object object, std::string &path, size_t depth, csj_found found, void *context) {
  if (depth > csj::deepest) return simdjson::DEPTH_ERROR;
  for (auto entry : object) {
    od::field field;
    if (auto error = std::move(entry).get(field)) return error;
    std::string_view key;
    if (auto error = field.unescaped_key().get(key)) return error;
    const size_t before = path.size();
    if (depth > 1) path += '.';
    append_key(path, key);
    // A name with a zero byte could not be given to us.
    const bool is_name = key.find('\0') == std::string_view::npos;
    od::value value = field.value();
    od::json_type type;
    if (auto error = value.type().get(type)) {
      if (!csj::is_python_constant(value.raw_json_token())) return error;
      type = od::json_type::number;
    }
    csj_value seen{};
    seen.keys = depth;
    seen.kind = type == od::json_type::null ? CSJ_NONE : CSJ_SCALAR;
    std::string_view text;
    if (type == od::json_type::object) {
      od::object inner;
      if (auto error = value.get_object().get(inner)) return error;
      if (auto error = survey(inner, path, depth + 1, found, context)) return error;
      path.resize(before);
      continue;
    }
    if (type == od::json_type::string) {
      if (auto error = value.get_string().get(text)) return error;
      seen.kind = CSJ_STRING;
      seen.bytes = reinterpret_cast<const uint8_t *>(text.data());
      seen.count = text.size();
    } else if (type == od::json_type::array) {
      od::array array;
      if (auto error = value.get_array().get(array)) return error;
      if (auto error = array.raw_json().get(text)) return error;
      look(text, seen);
    } else if (type != od::json_type::null) {
      const csj_field word = csj_parser::scalar(value.raw_json_token());
      seen.bytes = word.bytes;
      seen.count = word.count;
    }
    if (is_name) found(context, path.c_str(), &seen);
    path.resize(before);
  }
  return simdjson::SUCCESS;
}

error_code survey(
    csj_parser *parser, const uint8_t *line, size_t count, csj_found found, void *context) {
  od::document document;
  const char *text = reinterpret_cast<const char *>(line);
  const simdjson::padded_string_view view(text, count, count + simdjson::SIMDJSON_PADDING);
  if (auto error = parser->parser.iterate(view).get(document)) return error;
  od::object object;
  if (auto error = document.get_object().get(object)) return error;
  std::string path;
  return survey(object, path, 1, found, context);
}

}  // namespace

extern "C" int csj_survey(
    csj_parser *parser, const uint8_t *line, size_t count, csj_found found, void *context) {
  try {
    return survey(parser, line, count, found, context) == simdjson::SUCCESS ? 1 : 0;
  } catch (...) {
    return 0;
  }
}
