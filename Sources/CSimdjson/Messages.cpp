// Contents of messages: what chat data has in place of a text.
#include "Parser.h"

namespace od = simdjson::ondemand;
using simdjson::error_code;

namespace {

// Adds a piece behind a blank line; an empty one leaves none.
void join(std::string &text, std::string_view piece) {
  if (piece.empty()) return;
  if (!text.empty()) text += "\n\n";
  text += piece;
}

}  // namespace

// Reads a list to its end; `is_chat` where it is one of messages, whose contents are then `text`.
error_code csj_parser::chat(od::array array, size_t depth, std::string &text, bool &is_chat) {
  text.clear();
  size_t messages = 0, others = 0;
  for (auto element : array) {
    od::value item;
    if (auto error = std::move(element).get(item)) return error;
    od::json_type type;
    if (item.type().get(type) || type != od::json_type::object) {
      others++;
      if (auto error = skip(item, depth + 1)) return error;
      continue;
    }
    od::object object;
    if (auto error = item.get_object().get(object)) return error;
    bool is_message = false;
    if (auto error = message(object, depth + 2, text, is_message)) return error;
    is_message ? messages++ : others++;
  }
  is_chat = messages > 0 && others == 0;
  return simdjson::SUCCESS;
}

error_code csj_parser::message(od::object object, size_t depth, std::string &text, bool &is_message) {
  if (depth > deepest) return simdjson::DEPTH_ERROR;
  // Three places for a content, the best first; what the first that is there holds.
  static constexpr std::string_view places[] = {"content", "value", "text"};
  bool is_there[3] = {false, false, false};
  std::string found[3];
  bool has_speaker = false;
  for (auto entry : object) {
    od::field field;
    if (auto error = std::move(entry).get(field)) return error;
    std::string_view key;
    if (auto error = field.unescaped_key().get(key)) return error;
    has_speaker |= key == "role" || key == "from" || key == "speaker" || key == "author";
    od::value value = field.value();
    size_t place = 0;
    while (place < 3 && key != places[place]) place++;
    if (place == 3) {
      if (auto error = skip(value, depth)) return error;
    } else {
      found[place].clear();
      if (auto error = content(value, depth, found[place], is_there[place])) return error;
    }
  }
  if (!has_speaker) is_there[1] = is_there[2] = false;
  for (size_t place = 0; place < 3; place++) {
    if (!is_there[place]) continue;
    is_message = true;
    join(text, found[place]);
    break;
  }
  return simdjson::SUCCESS;
}

// A string, null, or a list of strings and of parts with a text.
error_code csj_parser::content(od::value &value, size_t depth, std::string &text, bool &is_content) {
  is_content = false;
  od::json_type type;
  if (value.type().get(type)) return skip(value, depth);
  if (type == od::json_type::string) {
    std::string_view string;
    if (auto error = value.get_string().get(string)) return error;
    text.assign(string);
    is_content = true;
    return simdjson::SUCCESS;
  }
  if (type == od::json_type::null) {
    is_content = true;
    return skip(value, depth);
  }
  if (type != od::json_type::array) return skip(value, depth);
  is_content = true;
  od::array array;
  if (auto error = value.get_array().get(array)) return error;
  for (auto element : array) {
    od::value part;
    if (auto error = std::move(element).get(part)) return error;
    od::json_type kind;
    if (part.type().get(kind)) kind = od::json_type::number;
    if (kind == od::json_type::string) {
      std::string_view string;
      if (auto error = part.get_string().get(string)) return error;
      join(text, string);
    } else if (kind == od::json_type::object) {
      od::object object;
      if (auto error = part.get_object().get(object)) return error;
      if (auto error = text_part(object, depth + 2, text)) return error;
    } else if (auto error = skip(part, depth + 1)) {
      return error;
    }
  }
  return simdjson::SUCCESS;
}

error_code csj_parser::text_part(od::object object, size_t depth, std::string &text) {
  if (depth > deepest) return simdjson::DEPTH_ERROR;
  std::string_view found;
  for (auto entry : object) {
    od::field field;
    if (auto error = std::move(entry).get(field)) return error;
    std::string_view key;
    if (auto error = field.unescaped_key().get(key)) return error;
    od::value value = field.value();
    od::json_type type;
    if (key == "text" && !value.type().get(type) && type == od::json_type::string) {
      if (auto error = value.get_string().get(found)) return error;
    } else if (auto error = skip(value, depth)) {
      return error;
    }
  }
  join(text, found);
  return simdjson::SUCCESS;
}
