// Scores random chunks with llama.cpp: the log-probability of every token, as difference sampling
// needs it. Prints one JSON line.
//
//   score_llama MODEL.gguf CHUNK_LENGTH N_BATCH THREADS REPEATS SECONDS
#include "llama.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

double seconds_now() {
  using clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(clock::now().time_since_epoch()).count();
}

// log softmax(logits)[target] = logits[target] - max - log sum exp(logits - max)
float log_probability(const float *logits, int vocabulary, int target) {
  float maximum = logits[0];
  for (int i = 1; i < vocabulary; i++) maximum = std::max(maximum, logits[i]);
  float sum = 0;
  for (int i = 0; i < vocabulary; i++) sum += std::exp(logits[i] - maximum);
  return logits[target] - maximum - std::log(sum);
}

struct Chunk {
  std::vector<llama_token> tokens;  // one more than inputs: the last target
  std::vector<float> log_probabilities;
};

// One pass: batches of `n_batch` tokens with the logits of each, every thread a share of the rows.
bool score(llama_context *context, llama_batch &batch, int n_batch, int threads, Chunk &chunk) {
  const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(llama_get_model(context)));
  const int length = (int)chunk.log_probabilities.size();
  llama_memory_clear(llama_get_memory(context), false);
  for (int first = 0; first < length; first += n_batch) {
    const int count = std::min(n_batch, length - first);
    batch.n_tokens = count;
    for (int i = 0; i < count; i++) {
      batch.token[i] = chunk.tokens[first + i];
      batch.pos[i] = first + i;
      batch.n_seq_id[i] = 1;
      batch.seq_id[i][0] = 0;
      batch.logits[i] = 1;
    }
    if (llama_decode(context, batch) != 0) return false;
    const float *logits = llama_get_logits(context);
    std::vector<std::thread> workers;
    for (int worker = 0; worker < threads; worker++)
      workers.emplace_back([&, worker] {
        for (int i = worker; i < count; i += threads)
          chunk.log_probabilities[first + i] = log_probability(
              logits + (size_t)i * vocabulary, vocabulary, chunk.tokens[first + i + 1]);
      });
    for (auto &worker : workers) worker.join();
  }
  return true;
}

}  // namespace

int main(int count, char **arguments) {
  if (count != 7) {
    fprintf(stderr, "usage: %s MODEL CHUNK_LENGTH N_BATCH THREADS REPEATS SECONDS\n", arguments[0]);
    return 2;
  }
  const int length = atoi(arguments[2]), n_batch = atoi(arguments[3]);
  const int threads = atoi(arguments[4]), repeats = atoi(arguments[5]);
  const double limit = atof(arguments[6]);

  llama_log_set(
      [](ggml_log_level level, const char *text, void *) {
        if (level >= GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
      },
      nullptr);
  llama_backend_init();
  llama_model *model = llama_model_load_from_file(arguments[1], llama_model_default_params());
  if (!model) return 1;
  llama_context_params settings = llama_context_default_params();
  settings.n_ctx = (uint32_t)length;
  settings.n_batch = settings.n_ubatch = (uint32_t)n_batch;
  settings.n_threads = settings.n_threads_batch = threads;
  llama_context *context = llama_init_from_model(model, settings);
  if (!context) return 1;
  llama_batch batch = llama_batch_init(n_batch, 0, 1);

  const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
  std::mt19937 random(7);
  std::uniform_int_distribution<int> token(0, vocabulary - 1);
  Chunk chunk;
  for (int i = 0; i <= length; i++) chunk.tokens.push_back(token(random));
  chunk.log_probabilities.resize(length);

  std::vector<double> times;
  if (!score(context, batch, n_batch, threads, chunk)) return 1;
  const double begin = seconds_now();
  do {
    const double start = seconds_now();
    if (!score(context, batch, n_batch, threads, chunk)) return 1;
    times.push_back(seconds_now() - start);
  } while ((int)times.size() < repeats && seconds_now() - begin < limit);

  double loss = 0;
  for (float value : chunk.log_probabilities) loss -= value / length;
  std::sort(times.begin(), times.end());
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf(
      "{\"tokensPerSecond\": %.3f, \"tokensPerSecondMedian\": %.3f, \"repeats\": %zu, "
      "\"peakResidentBytes\": %lld, \"loss\": %.4f, \"library\": \"llama.cpp:%s\"}\n",
      length / times[0], length / times[times.size() / 2], times.size(),
      (long long)usage.ru_maxrss * 1024, loss, [] {
        std::string info = llama_print_system_info();
        std::replace(info.begin(), info.end(), '"', ' ');
        return info;
      }().c_str());
  llama_batch_free(batch);
  llama_free(context);
  llama_model_free(model);
}
