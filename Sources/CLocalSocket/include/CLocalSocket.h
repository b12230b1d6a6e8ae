#pragma once
// Sockets that are names in a folder. The folder is given as an open descriptor, so that its path may
// be longer than the 107 bytes that the address of a socket has. All return -1 with errno set.

#include <sys/types.h>

// Listens under `name` in `folder`, for this user alone, in the place of whatever has the name; `name`
// must not be in use by a live process, which only the caller can know.
int cs_listen(int folder, const char *name);

// A connection to whoever listens there; links are followed. Does not wait for an answer.
int cs_connect(int folder, const char *name);

// The next connection that waits, or -1 with EAGAIN.
int cs_accept(int listener);

// Whose process is on the other side.
int cs_peer(int connection, uid_t *user, pid_t *process);

// A descriptor that poll() finds readable once cs_ring was called, until cs_heard.
int cs_bell(void);
void cs_ring(int bell);
void cs_heard(int bell);
