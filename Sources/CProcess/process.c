#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

// A handler reaches nothing but static storage; a process has one set of signals.
static volatile int signal_pipe = -1;

static void signals_to_take(sigset_t *set) {
  static const int numbers[] = {SIGINT,  SIGTERM, SIGHUP,  SIGUSR1, SIGUSR2,
                                SIGXCPU, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};
  sigemptyset(set);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaddset(set, numbers[i]);
}

static void on_signal(int number) {
  int saved_errno = errno;
  unsigned char byte = (unsigned char)number;
  // A full pipe means that the reader has enough to do already.
  if (write(signal_pipe, &byte, 1) < 0) {}
  errno = saved_errno;
}

bool cp_watch_signal(int number, int fd, bool keeps_ignored) {
  struct sigaction before;
  if (keeps_ignored && sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_IGN) {
    return false;
  }
  signal_pipe = fd;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  return sigaction(number, &action, NULL) == 0;
}

void cp_take_signals_here(void) {
  sigset_t set;
  signals_to_take(&set);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void cp_die_by_signal(int number) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = SIG_DFL;
  sigaction(number, &action, NULL);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, number);
  pthread_sigmask(SIG_UNBLOCK, &one, NULL);
  kill(getpid(), number);
}

bool cp_wait_writable(int fd, int milliseconds) {
  struct pollfd wait = {.fd = fd, .events = POLLOUT};
  // An error is for the write to report.
  return poll(&wait, 1, milliseconds) != 0;
}

// Every thread inherits the mask of the first.
__attribute__((constructor)) static void leave_signals_to_one_thread(void) {
  sigset_t set;
  signals_to_take(&set);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

__attribute__((constructor)) static void open_standard_descriptors(void) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    // Reading from the first and writing to the others then fails as on a closed one.
    if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
  }
}
