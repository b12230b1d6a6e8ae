#include "CCurses.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// Signal handlers can reach nothing but static storage; this is the process's one terminal.
static struct termios saved_line;
static volatile sig_atomic_t is_guarding = 0;
static volatile sig_atomic_t was_continued = 0;
// Swift's crash reporter asks a question and waits half a minute for the answer; it gets its turn only
// if the person has asked for it with its own variable.
static volatile sig_atomic_t has_tracer = 0;
static int guard_tty = -1;
static int guard_output = -1;
static int guard_pipe = -1;
static char restore_bytes[512];
static volatile size_t restore_count = 0;
static char note_bytes[1024];
static volatile size_t note_count = 0;

static const int event_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2,
                                    SIGXCPU, SIGTSTP, SIGCONT, SIGWINCH};
static const int fatal_signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
enum {
  EVENT_COUNT = sizeof event_signals / sizeof *event_signals,
  FATAL_COUNT = sizeof fatal_signals / sizeof *fatal_signals,
};
static struct sigaction old_event[EVENT_COUNT], old_fatal[FATAL_COUNT], old_pipe;
static char alternate_stack[16384];

bool cc_window_size(int fd, int *width, int *height) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return false;
  *width = size.ws_col;
  *height = size.ws_row;
  return true;
}

// Async-signal-safe: write and tcsetattr only.
static void restore_terminal(void) {
  size_t done = 0;
  while (done < restore_count) {
    ssize_t count = write(guard_output, restore_bytes + done, restore_count - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += (size_t)count;
  }
  tcsetattr(guard_tty, TCSANOW, &saved_line);
}

// Says on the restored screen what has happened, and where more can be read.
static void say(const char *text, size_t count) {
  if (write(STDERR_FILENO, text, count) < 0 || write(STDERR_FILENO, note_bytes, note_count) < 0) {}
}

static void on_event(int number) {
  int saved_errno = errno;
  if (number == SIGCONT) was_continued = 1;
  unsigned char byte = (unsigned char)number;
  // A full pipe means that the reader has enough to do already.
  if (write(guard_pipe, &byte, 1) < 0) {}
  errno = saved_errno;
}

static void on_fatal(int number) {
  if (is_guarding) {
    is_guarding = 0;
    restore_terminal();
    static const char note[] = "\r\nThe program crashed; the terminal has been restored.\r\n";
    say(note, sizeof note - 1);
  }
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = SIG_DFL;
  for (int i = 0; i < FATAL_COUNT; i++) {
    if (has_tracer && fatal_signals[i] == number) action = old_fatal[i];
  }
  sigaction(number, &action, NULL);
  // Blocked until this handler returns, then handled as it would have been without us.
  raise(number);
}

static void on_exit_restore(void) {
  if (is_guarding) {
    is_guarding = 0;
    restore_terminal();
    static const char note[] = "\r\nThe program left at once; the terminal has been restored.\r\n";
    say(note, sizeof note - 1);
  }
}

int cc_guard_install(int tty_fd, int output_fd, int pipe_fd) {
  static bool has_exit_hook = false;
  if (tcgetattr(tty_fd, &saved_line) != 0) return -1;
  guard_tty = tty_fd;
  guard_output = output_fd;
  guard_pipe = pipe_fd;
  restore_count = 0;
  has_tracer = getenv("SWIFT_BACKTRACE") != NULL;
  if (!has_exit_hook) {
    atexit(on_exit_restore);
    at_quick_exit(on_exit_restore);
    has_exit_hook = true;
  }
  // A handler needs a stack of its own when the crash is a stack overflow.
  stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
  sigaltstack(&stack, NULL);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = on_event;
  action.sa_flags = SA_RESTART;
  for (int i = 0; i < EVENT_COUNT; i++) sigaction(event_signals[i], &action, &old_event[i]);
  action.sa_handler = on_fatal;
  action.sa_flags = SA_ONSTACK;
  for (int i = 0; i < FATAL_COUNT; i++) sigaction(fatal_signals[i], &action, &old_fatal[i]);
  action.sa_handler = SIG_IGN;
  action.sa_flags = 0;
  sigaction(SIGPIPE, &action, &old_pipe);
  is_guarding = 1;
  return 0;
}

void cc_guard_set_restore(const char *bytes, size_t count) {
  restore_count = 0;
  if (count > sizeof restore_bytes) count = sizeof restore_bytes;
  memcpy(restore_bytes, bytes, count);
  restore_count = count;
}

void cc_guard_set_note(const char *text) {
  size_t count = strlen(text);
  note_count = 0;
  if (count > sizeof note_bytes) count = sizeof note_bytes;
  memcpy(note_bytes, text, count);
  note_count = count;
}

void cc_guard_restore_line(void) {
  if (is_guarding) tcsetattr(guard_tty, TCSADRAIN, &saved_line);
}

void cc_guard_remove(void) {
  if (!is_guarding) return;
  tcsetattr(guard_tty, TCSADRAIN, &saved_line);
  is_guarding = 0;
  for (int i = 0; i < EVENT_COUNT; i++) sigaction(event_signals[i], &old_event[i], NULL);
  for (int i = 0; i < FATAL_COUNT; i++) sigaction(fatal_signals[i], &old_fatal[i], NULL);
  sigaction(SIGPIPE, &old_pipe, NULL);
}

void cc_guard_stop_process(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = SIG_DFL;
  sigaction(SIGTSTP, &action, NULL);
  was_continued = 0;
  // The group, not the process alone: a shell must see `make` stop, too.
  kill(0, SIGTSTP);
  // The signal may be taken by any thread, a moment later; where the group has no shell that could
  // continue it the system ignores the signal, so do not wait for ever.
  struct timespec pause = {.tv_sec = 0, .tv_nsec = 10 * 1000 * 1000};
  for (int i = 0; i < 30 && !was_continued; i++) nanosleep(&pause, NULL);
  // Not what was there before: endwin() had set it to be ignored.
  action.sa_handler = on_event;
  action.sa_flags = SA_RESTART;
  sigaction(SIGTSTP, &action, NULL);
}
