// The parser of lines: picks wanted fields out of an object, and joins the contents of messages.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "CSimdjson.h"
#include "Numbers.h"

namespace csj {

namespace od = simdjson::ondemand;
using simdjson::error_code;

// As deep as Python's json goes; simdjson's own limit is 1024.
inline constexpr size_t deepest = 990;

// A wanted path: its text without backslashes, and at which of its dots it may go into an object.
struct wanted_path {
  std::string text;
  std::vector<bool> joins;
};

// A wanted path on the way: its number, and where the rest of its text starts.
struct step {
  int field;
  size_t start;
};

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What Python's json writes for numbers that JSON has no words for, and reads again.
inline bool is_python_constant(std::string_view text) {
  const size_t last = text.find_last_not_of(" \t\r\n");
  const std::string_view word = text.substr(0, last + 1);
  return word == "NaN" || word == "Infinity" || word == "-Infinity";
}

// Whether a line starts like a JSON value that is no object.
inline bool starts_other_value(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  const char c = text[first];
  return c == '[' || c == '"' || c == '-' || is_digit(c);
}

}  // namespace csj

struct csj_parser {
  using error_code = simdjson::error_code;
  using step = csj::step;
  using wanted_path = csj::wanted_path;
  static constexpr size_t deepest = csj::deepest;
  csj::od::parser parser;
  std::vector<wanted_path> paths;
  // Ways that are open: those of the object at hand lie behind those of the objects around it.
  std::vector<step> ways;
  // Keys of the best match of every path in the line at hand.
  std::vector<size_t> ranks;
  // Joined contents of messages, one for every text.
  std::vector<std::string> chats;
  size_t text_count = 0;
  csj_field *fields = nullptr;

  void add(const char *path) {
    wanted_path wanted;
    for (const char *c = path; *c; c++) {
      const bool is_plain = *c == '\\' && c[1];
      if (is_plain) c++;
      wanted.text += *c;
      wanted.joins.push_back(*c == '.' && !is_plain);
    }
    ways.push_back(step{static_cast<int>(paths.size()), 0});
    paths.push_back(std::move(wanted));
  }

  // Looks at an object to which the ways `first` up to `last` lead.
  error_code walk(csj::od::object object, size_t first, size_t last, size_t depth) {
    for (auto entry : object) {
      csj::od::field field;
      if (auto error = std::move(entry).get(field)) return error;
      std::string_view key;
      if (auto error = field.unescaped_key().get(key)) return error;
      csj::od::value value = field.value();
      // Most keys are nobody's: they cost a comparison for every way.
      int hit = -1;
      const size_t inner = ways.size();
      for (size_t i = first; i < last; i++) {
        const step at = ways[i];
        const wanted_path &path = paths[at.field];
        const size_t rest = path.text.size() - at.start;
        if (rest < key.size() || path.text.compare(at.start, key.size(), key) != 0) continue;
        if (rest == key.size()) {
          if (depth <= ranks[at.field]) {
            hit = at.field;
            ranks[at.field] = depth;
          }
        } else if (path.joins[at.start + key.size()]) {
          ways.push_back(step{at.field, at.start + key.size() + 1});
        }
      }
      if (auto error = visit(value, hit, inner, ways.size(), depth)) return error;
      ways.resize(inner);
      // The same field may be wanted twice.
      if (hit >= 0) copy(first, last, key, hit);
    }
    return simdjson::SUCCESS;
  }

  // Gives a field that was found to the other paths that end in it.
  void copy(size_t first, size_t last, std::string_view key, int hit) {
    for (size_t i = first; i < last; i++) {
      const step at = ways[i];
      if (at.field != hit && std::string_view(paths[at.field].text).substr(at.start) == key) {
        fields[at.field] = fields[hit];
      }
    }
  }

  error_code skip(csj::od::value &value, size_t depth) { return visit(value, -1, 0, 0, depth); }

  error_code visit(csj::od::value &value, int hit, size_t first, size_t last, size_t depth) {
    if (depth > deepest) return simdjson::DEPTH_ERROR;
    csj_field *wanted = hit >= 0 ? &fields[hit] : nullptr;
    if (wanted) *wanted = csj_field{CSJ_OTHER, nullptr, 0};
    csj::od::json_type type;
    if (auto error = value.type().get(type)) {
      return csj::is_python_constant(value.raw_json_token()) ? simdjson::SUCCESS : error;
    }
    switch (type) {
      case csj::od::json_type::object: {
        csj::od::object object;
        if (auto error = value.get_object().get(object)) return error;
        return walk(object, first, last, depth + 1);
      }
      case csj::od::json_type::array: {
        csj::od::array array;
        if (auto error = value.get_array().get(array)) return error;
        if (wanted && static_cast<size_t>(hit) < text_count) {
          std::string &text = chats[hit];
          bool is_chat = false;
          if (auto error = chat(array, depth, text, is_chat)) return error;
          if (is_chat) {
            *wanted = csj_field{
                CSJ_STRING, reinterpret_cast<const uint8_t *>(text.data()), text.size()};
          }
          return simdjson::SUCCESS;
        }
        for (auto element : array) {
          csj::od::value item;
          if (auto error = std::move(element).get(item)) return error;
          if (auto error = skip(item, depth + 1)) return error;
        }
        return simdjson::SUCCESS;
      }
      case csj::od::json_type::string: {
        std::string_view text;
        if (auto error = value.get_string().get(text)) return error;
        if (wanted) {
          *wanted = csj_field{
              CSJ_STRING, reinterpret_cast<const uint8_t *>(text.data()), text.size()};
        }
        return simdjson::SUCCESS;
      }
      case csj::od::json_type::number: {
        // The iteration itself steps over a value that nobody took.
        const std::string_view token = value.raw_json_token();
        if (wanted) *wanted = scalar(token);
        return csj_is_number(token) || csj::is_python_constant(token) ? simdjson::SUCCESS
                                                             : simdjson::NUMBER_ERROR;
      }
      case csj::od::json_type::boolean: {
        if (wanted) *wanted = scalar(value.raw_json_token());
        bool ignored;
        return value.get_bool().get(ignored);
      }
      case csj::od::json_type::null: {
        // As a result of its own: read as a plain bool it throws for what only starts like null.
        bool is_null = false;
        if (value.is_null().get(is_null) || !is_null) return simdjson::N_ATOM_ERROR;
        if (wanted) wanted->kind = CSJ_NONE;
        return simdjson::SUCCESS;
      }
    }
    return simdjson::TAPE_ERROR;
  }

  static csj_field scalar(std::string_view token) {
    const size_t count = token.find_last_not_of(" \t\r\n") + 1;
    return csj_field{CSJ_SCALAR, reinterpret_cast<const uint8_t *>(token.data()), count};
  }

  // Whether a list is one of messages: its contents are then `text`. Reads it to its end.
  error_code chat(csj::od::array array, size_t depth, std::string &text, bool &is_chat);

  error_code extract(const uint8_t *line, size_t count) {
    csj::od::document document;
    const char *text = reinterpret_cast<const char *>(line);
    const simdjson::padded_string_view view(text, count, count + simdjson::SIMDJSON_PADDING);
    if (auto error = parser.iterate(view).get(document)) return error;
    csj::od::object object;
    if (auto error = document.get_object().get(object)) {
      return csj::starts_other_value(view) ? error : simdjson::TAPE_ERROR;
    }
    // Inside the object a wrong type means a misspelt literal.
    if (auto error = walk(object, 0, paths.size(), 1)) {
      return error == simdjson::INCORRECT_TYPE ? simdjson::TAPE_ERROR : error;
    }
    // Nothing may follow the object: only then is there no current location.
    const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    return at_end ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
  }

 private:
  error_code message(
      csj::od::object object, size_t depth, std::string &text, bool &is_message);
  error_code content(csj::od::value &value, size_t depth, std::string &text, bool &is_content);
  error_code text_part(csj::od::object object, size_t depth, std::string &text);
};
