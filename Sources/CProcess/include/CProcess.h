#pragma once
// What a process is given by whoever starts it: signals, and standard input, output and error.
//
// Standard descriptors that were closed are opened before main() on something that refuses to be
// used, so that no file of ours can get their numbers and be written into.

#include <stdbool.h>

// From now on a signal is a byte, its number, in the pipe `fd`, whose writing must not wait. False
// where the signal is left as it was: ignored on purpose (nohup) if `keeps_ignored`.
bool cp_watch_signal(int number, int fd, bool keeps_ignored);

// Lets the calling thread take signals. No other thread does, from before main() on: kernels of oneDNN
// use the stack pointer for a buffer of their own, into which the system would write the frame of a
// handler, over what lies beside it.
void cp_take_signals_here(void);

// Takes a signal as the system does without us, and sends it to this process.
void cp_die_by_signal(int number);

// Waits until `fd` can be written, at most `milliseconds`; false where it cannot yet.
bool cp_wait_writable(int fd, int milliseconds);
