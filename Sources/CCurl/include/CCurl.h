#pragma once
// HTTP over libcurl's easy interface, whose functions take any number of arguments and cannot be called
// from elsewhere than C. One exchange at a time, without following redirects: where a token may go is
// decided by who asks.

#include <stdbool.h>
#include <stddef.h>

// A connection that is kept for the next exchange; used by one thread at a time.
typedef struct cc_client cc_client;

// What went wrong below HTTP.
enum cc_failure {
  CC_NONE = 0,
  // A callback ended it.
  CC_ENDED,
  CC_RESOLVE,
  CC_CONNECT,
  CC_TLS,
  // No connection, or too few bytes for too long.
  CC_TIMEOUT,
  // The connection ended before the answer did.
  CC_CUT,
  CC_OTHER,
};

typedef struct {
  const char *url;
  // "Name: value" each, ended by NULL.
  const char *const *headers;
  // Only the head of the answer.
  bool is_head;
  // A file of certificates that are trusted; NULL: the system's.
  const char *certificates;
  long connect_seconds;
  // An exchange that gives less than a few bytes a second for so long has stalled.
  long stall_seconds;
  void *context;
  // A line of the head, as it came; the count that was taken.
  size_t (*on_header)(const char *bytes, size_t count, void *context);
  // A piece of the body; the count that was taken, any other number ends the exchange.
  size_t (*on_body)(const char *bytes, size_t count, void *context);
  // Called about once a second and with every piece; false ends the exchange.
  bool (*goes_on)(void *context);
} cc_request;

// NULL without memory.
cc_client *cc_client_make(void);
void cc_client_free(cc_client *client);

// Makes one exchange. `reason` takes what libcurl says of a failure, at most `room` bytes with the end.
enum cc_failure cc_exchange(
    cc_client *client, const cc_request *request, char *reason, size_t room);

// `reference` as it is meant in an answer of `base`, or `base` itself made plain if it is empty; freed
// with cc_free. NULL for anything but http and https.
char *cc_resolve(const char *base, const char *reference);
// "scheme://host:port" of an address; freed with cc_free. NULL for what is none.
char *cc_origin(const char *url);
void cc_free(char *text);
