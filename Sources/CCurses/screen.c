#define NCURSES_WIDECHAR 1
#include "CCurses.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

static SCREEN *screen = NULL;
static FILE *output_file = NULL;
static FILE *input_file = NULL;
static bool has_default_colours = false;

// tigetstr marks "no string capability" by -1.
static const char *string_capability(const char *name) {
  const char *value = tigetstr((char *)name);
  return value == (char *)-1 ? NULL : value;
}

cc_terminal_kind cc_terminal_probe(const char *term, int fd) {
  int error = 0;
  if (setupterm((char *)term, fd, &error) != OK) return CC_TERMINAL_UNKNOWN;
  cc_terminal_kind kind =
      string_capability("cup") != NULL ? CC_TERMINAL_OK : CC_TERMINAL_NO_CURSOR;
  del_curterm(cur_term);
  return kind;
}

bool cc_locale_is_utf8(void) {
  // LC_CTYPE only: numbers are written with a point everywhere.
  setlocale(LC_CTYPE, "");
  const char *codeset = nl_langinfo(CODESET);
  return codeset != NULL && strcmp(codeset, "UTF-8") == 0;
}

int cc_character_width(wchar_t character) { return wcwidth(character); }

int cc_screen_open(const char *term, int output_fd, int input_fd) {
  if (screen != NULL) return -1;
  output_file = fdopen(dup(output_fd), "w");
  input_file = fdopen(dup(input_fd), "r");
  if (output_file == NULL || input_file == NULL) return -1;
  // LINES and COLUMNS may be stale: the window's own size goes before them.
  use_tioctl(TRUE);
  screen = newterm((char *)term, output_file, input_file);
  if (screen == NULL) return -1;
  set_term(screen);
  raw();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  leaveok(stdscr, FALSE);
  scrollok(stdscr, FALSE);
  if (has_colors()) {
    start_color();
    has_default_colours = use_default_colors() == OK;
  }
  return 0;
}

void cc_screen_close(void) {
  if (screen != NULL) {
    endwin();
    delscreen(screen);
    screen = NULL;
  }
  if (output_file != NULL) fclose(output_file);
  if (input_file != NULL) fclose(input_file);
  output_file = input_file = NULL;
}

void cc_screen_leave(void) {
  def_prog_mode();
  endwin();
}

void cc_screen_enter(void) {
  reset_prog_mode();
  clearok(curscr, TRUE);
  doupdate();
}

int cc_screen_colours(void) { return has_colors() ? COLORS : 0; }
int cc_screen_pairs(void) { return has_colors() ? COLOR_PAIRS : 0; }
bool cc_screen_has_default_colours(void) { return has_default_colours; }

int cc_screen_define_pair(int pair, int foreground, int background) {
  return init_extended_pair(pair, foreground, background);
}

void cc_screen_put(int y, int x, const wchar_t *text, uint8_t attributes, int pair) {
  attr_t flags = 0;
  if (attributes & CC_BOLD) flags |= A_BOLD;
  if (attributes & CC_DIM) flags |= A_DIM;
  if (attributes & CC_UNDERLINE) flags |= A_UNDERLINE;
  if (attributes & CC_REVERSE) flags |= A_REVERSE;
  if (attributes & CC_ITALIC) flags |= A_ITALIC;
  cchar_t cell;
  if (setcchar(&cell, text, flags, (short)(pair < 256 ? pair : 0), &pair) != OK) return;
  // The corner at the bottom right answers ERR after drawing: the cursor cannot move on.
  mvwadd_wch(stdscr, y, x, &cell);
}

void cc_screen_erase(void) { werase(stdscr); }
void cc_screen_redraw_all(void) { clearok(stdscr, TRUE); }

void cc_screen_update(int cursor_y, int cursor_x) {
  if (cursor_x >= 0) wmove(stdscr, cursor_y, cursor_x);
  curs_set(cursor_x >= 0 ? 1 : 0);
  wnoutrefresh(stdscr);
  doupdate();
}

void cc_screen_resize(int height, int width) { resizeterm(height, width); }

const char *cc_capability(const char *name) { return string_capability(name); }
