#include "CLocalSocket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool address_of(struct sockaddr_un *address, int folder, const char *name) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  int count = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", folder, name);
  if (count > 0 && (size_t)count < sizeof address->sun_path) return true;
  errno = ENAMETOOLONG;
  return false;
}

static int failed(int descriptor) {
  int reason = errno;
  close(descriptor);
  errno = reason;
  return -1;
}

int cs_listen(int folder, const char *name) {
  struct sockaddr_un address;
  char temporary[64];
  // Under another name until nobody but its user can connect.
  snprintf(temporary, sizeof temporary, ".link-%d", (int)getpid());
  if (!address_of(&address, folder, temporary)) return -1;
  int opened = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (opened < 0) return -1;
  unlinkat(folder, temporary, 0);
  if (bind(opened, (struct sockaddr *)&address, sizeof address) != 0) return failed(opened);
  if (fchmodat(folder, temporary, 0600, 0) != 0 || listen(opened, 64) != 0 ||
      renameat(folder, temporary, folder, name) != 0) {
    int reason = errno;
    unlinkat(folder, temporary, 0);
    errno = reason;
    return failed(opened);
  }
  return opened;
}

int cs_connect(int folder, const char *name) {
  struct sockaddr_un address;
  if (!address_of(&address, folder, name)) return -1;
  int opened = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (opened < 0) return -1;
  if (connect(opened, (struct sockaddr *)&address, sizeof address) != 0) return failed(opened);
  return opened;
}

int cs_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int cs_peer(int connection, uid_t *user, pid_t *process) {
  struct ucred credentials;
  socklen_t size = sizeof credentials;
  if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -1;
  *user = credentials.uid;
  *process = credentials.pid;
  return 0;
}

int cs_bell(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void cs_ring(int bell) {
  uint64_t one = 1;
  if (write(bell, &one, sizeof one) < 0) {}
}

void cs_heard(int bell) {
  uint64_t count;
  if (read(bell, &count, sizeof count) < 0) {}
}
