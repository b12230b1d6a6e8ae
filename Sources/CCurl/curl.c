#include "CCurl.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// Fewer bytes a second are none: a server that sends one now and then would hold us for days.
static const long stall_bytes = 16;

struct cc_client {
  CURL *handle;
};

cc_client *cc_client_make(void) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) return NULL;
  cc_client *client = calloc(1, sizeof *client);
  if (!client) return NULL;
  client->handle = curl_easy_init();
  if (client->handle) return client;
  free(client);
  return NULL;
}

void cc_client_free(cc_client *client) {
  if (!client) return;
  curl_easy_cleanup(client->handle);
  free(client);
  curl_global_cleanup();
}

static size_t on_header(char *bytes, size_t size, size_t count, void *context) {
  const cc_request *request = context;
  return request->on_header(bytes, size * count, request->context);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
  const cc_request *request = context;
  return request->on_body(bytes, size * count, request->context);
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  (void)a, (void)b, (void)c, (void)d;
  const cc_request *request = context;
  return request->goes_on(request->context) ? 0 : 1;
}

static enum cc_failure failure_of(CURLcode code) {
  switch (code) {
    case CURLE_OK: return CC_NONE;
    case CURLE_WRITE_ERROR:
    case CURLE_ABORTED_BY_CALLBACK: return CC_ENDED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return CC_RESOLVE;
    case CURLE_COULDNT_CONNECT: return CC_CONNECT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH: return CC_TLS;
    case CURLE_OPERATION_TIMEDOUT: return CC_TIMEOUT;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return CC_CUT;
    default: return CC_OTHER;
  }
}

enum cc_failure cc_exchange(
    cc_client *client, const cc_request *request, char *reason, size_t room) {
  CURL *handle = client->handle;
  struct curl_slist *headers = NULL;
  char words[CURL_ERROR_SIZE] = "";
  // Connections stay, options go.
  curl_easy_reset(handle);
  for (const char *const *line = request->headers; *line; line++) {
    struct curl_slist *longer = curl_slist_append(headers, *line);
    if (!longer) {
      curl_slist_free_all(headers);
      snprintf(reason, room, "no memory");
      return CC_OTHER;
    }
    headers = longer;
  }
  curl_easy_setopt(handle, CURLOPT_URL, request->url);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(handle, CURLOPT_NOBODY, request->is_head ? 1L : 0L);
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, words);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, request->connect_seconds);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, stall_bytes);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, request->stall_seconds);
  curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 1L << 18);
  if (request->certificates) curl_easy_setopt(handle, CURLOPT_CAINFO, request->certificates);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, request);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, request);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, request);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  CURLcode code = curl_easy_perform(handle);
  snprintf(reason, room, "%s", words[0] ? words : curl_easy_strerror(code));
  // The buffer is this function's.
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, NULL);
  curl_slist_free_all(headers);
  return failure_of(code);
}

char *cc_resolve(const char *base, const char *reference) {
  char *found = NULL, *scheme = NULL, *result = NULL;
  CURLU *address = curl_url();
  if (!address) return NULL;
  if (curl_url_set(address, CURLUPART_URL, base, 0) == CURLUE_OK &&
      (!*reference ||
       curl_url_set(address, CURLUPART_URL, reference, CURLU_URLENCODE) == CURLUE_OK) &&
      curl_url_get(address, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
      (strcasecmp(scheme, "http") == 0 || strcasecmp(scheme, "https") == 0) &&
      curl_url_get(address, CURLUPART_URL, &found, 0) == CURLUE_OK) {
    result = strdup(found);
  }
  curl_free(found);
  curl_free(scheme);
  curl_url_cleanup(address);
  return result;
}

char *cc_origin(const char *url) {
  char *scheme = NULL, *host = NULL, *port = NULL, *result = NULL;
  CURLU *address = curl_url();
  if (!address) return NULL;
  if (curl_url_set(address, CURLUPART_URL, url, 0) == CURLUE_OK &&
      curl_url_get(address, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
      curl_url_get(address, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
      curl_url_get(address, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
    size_t room = strlen(scheme) + strlen(host) + strlen(port) + 5;
    result = malloc(room);
    if (result) {
      snprintf(result, room, "%s://%s:%s", scheme, host, port);
      // Names of hosts and schemes are the same in capitals.
      for (char *at = result; *at; at++) {
        if (*at >= 'A' && *at <= 'Z') *at += 'a' - 'A';
      }
    }
  }
  curl_free(scheme);
  curl_free(host);
  curl_free(port);
  curl_url_cleanup(address);
  return result;
}

void cc_free(char *text) { free(text); }
