#pragma once
// The part of ncurses that the workbench draws with, and the signals that must not leave a terminal
// in disorder. Swift does not import curses macros and sees `stdscr` as shared mutable state, so
// curses itself stays behind this header. All cc_screen functions belong to one thread.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

// ---- screen.c: the curses screen ----

typedef enum {
  CC_TERMINAL_OK = 0,
  CC_TERMINAL_UNKNOWN = 1,    // no description in terminfo
  CC_TERMINAL_NO_CURSOR = 2,  // the cursor cannot be addressed ("dumb")
} cc_terminal_kind;

// Looks the terminal up without starting curses (initscr would end the process on failure).
cc_terminal_kind cc_terminal_probe(const char *term, int fd);

// Sets LC_CTYPE from the environment; true if its codeset is UTF-8.
bool cc_locale_is_utf8(void);

// Columns of a character in the C library's opinion, which is what curses advances by.
int cc_character_width(wchar_t character);

// Starts curses: raw, no echo, keypad mode, default colours. 0, or -1 if it refuses.
int cc_screen_open(const char *term, int output_fd, int input_fd);
// Ends curses and frees its screen.
void cc_screen_close(void);
// Leaves the screen for a while, and takes it back.
void cc_screen_leave(void);
void cc_screen_enter(void);

// Colours the terminal has, pairs that may be used, whether -1 means the terminal's own colour.
int cc_screen_colours(void);
int cc_screen_pairs(void);
bool cc_screen_has_default_colours(void);
// Defines a pair; -1 is the terminal's own colour.
int cc_screen_define_pair(int pair, int foreground, int background);

// Attribute bits of cc_screen_put.
enum {
  CC_BOLD = 1,
  CC_DIM = 2,
  CC_UNDERLINE = 4,
  CC_REVERSE = 8,
  CC_ITALIC = 16,
};

// Puts one character with its combining marks; `text` ends with 0.
void cc_screen_put(int y, int x, const wchar_t *text, uint8_t attributes, int pair);
void cc_screen_erase(void);
// The next update draws everything, whatever curses believes is there.
void cc_screen_redraw_all(void);
// Sends the differences; the cursor is hidden if x is negative.
void cc_screen_update(int cursor_y, int cursor_x);
void cc_screen_resize(int height, int width);

// A string capability of the current terminal ("kf1", "rmcup"); NULL if it has none.
const char *cc_capability(const char *name);

// ---- signals.c: signals and restoration ----

// Size of a terminal's window; false if it is unknown or empty.
bool cc_window_size(int fd, int *width, int *height);

// Remembers the line settings of `tty_fd` and the bytes that bring the terminal back; from now on a
// crash, exit() or quick_exit() restores both, and the numbers of the signals that stop, SIGTSTP, SIGCONT and
// SIGWINCH are written as bytes to `pipe_fd`. 0, or -1 if `tty_fd` is no terminal.
int cc_guard_install(int tty_fd, int output_fd, int pipe_fd);
// The bytes that bring the terminal back; at most 512.
void cc_guard_set_restore(const char *bytes, size_t count);
// What is written to standard error behind the words that the program crashed or left at once; at most
// 1,024 bytes.
void cc_guard_set_note(const char *text);
// Puts line settings and signal actions back as they were.
void cc_guard_remove(void);
// The line settings from before cc_guard_install, without ending the guard.
void cc_guard_restore_line(void);
// Stops the process group as Ctrl-Z does; returns when it goes on.
void cc_guard_stop_process(void);
