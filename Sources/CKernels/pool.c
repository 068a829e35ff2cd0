// A pool of worker threads for short loops. A 64-bit ticket holds (generation, end, first). A
// thread claims an index from either end by compare-and-swap, so no thread waits for a sleeping
// worker. The caller claims from the front and workers from the back, so that successive loops over
// the same rows find them in the cache of the same core. Idle threads spin for about 0.2 ms, the
// longest time between two loops of a training step, and then sleep on a condition variable. Waking
// takes about 50 µs.
#include "CKernels.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct scant_pool {
  _Atomic uint64_t ticket;  // generation : 24, end : 20, first : 20
  _Atomic long done;
  _Atomic int sleepers;
  _Atomic bool caller_sleeps, closing;
  scant_body body;
  const void *context;
  long count;  // of the current job
  pthread_mutex_t caller, idle;
  pthread_cond_t work, finished;
  int workers;
  pthread_t threads[];
};

enum { FIELD = 20, MASK = (1 << FIELD) - 1 };
static _Thread_local bool inside;  // this thread is running some pool's body

static bool has_work(uint64_t t) { return (t & MASK) < ((t >> FIELD) & MASK); }

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static const double SPIN = 200e-6;  // s

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

// Runs what it can claim. Body and count stay valid: the job is not over while a claimed index
// runs.
static void take_part(scant_pool *p, bool is_caller) {
  const uint64_t from_back = (uint64_t)1 << FIELD;
  uint64_t t = atomic_load(&p->ticket);
  while (has_work(t)) {
    if (!atomic_compare_exchange_weak(&p->ticket, &t, is_caller ? t + 1 : t - from_back)) continue;
    p->body(p->context, (long)(is_caller ? t & MASK : ((t >> FIELD) & MASK) - 1));
    long count = p->count;
    if (atomic_fetch_add(&p->done, 1) + 1 == count && atomic_load(&p->caller_sleeps)) {
      pthread_mutex_lock(&p->idle);
      pthread_cond_signal(&p->finished);
      pthread_mutex_unlock(&p->idle);
    }
    t = atomic_load(&p->ticket);
  }
}

static bool work_soon(scant_pool *p) {
  double end = now() + SPIN;
  do {
    for (int i = 0; i < 64; i++) {
      if (has_work(atomic_load_explicit(&p->ticket, memory_order_relaxed))) return true;
      pause_briefly();
    }
  } while (now() < end);
  return false;
}

static void *worker(void *argument) {
  scant_pool *p = argument;
  inside = true;
  while (!atomic_load(&p->closing)) {
    if (work_soon(p)) {
      take_part(p, false);
      continue;
    }
    pthread_mutex_lock(&p->idle);
    atomic_fetch_add(&p->sleepers, 1);
    while (!has_work(atomic_load(&p->ticket)) && !atomic_load(&p->closing))
      pthread_cond_wait(&p->work, &p->idle);
    atomic_fetch_sub(&p->sleepers, 1);
    pthread_mutex_unlock(&p->idle);
  }
  return NULL;
}

static void wait_for_all(scant_pool *p, long count) {
  double end = now() + SPIN;
  do {
    for (int i = 0; i < 64; i++) {
      if (atomic_load(&p->done) == count) return;
      pause_briefly();
    }
  } while (now() < end);
  pthread_mutex_lock(&p->idle);
  atomic_store(&p->caller_sleeps, true);
  while (atomic_load(&p->done) != count) pthread_cond_wait(&p->finished, &p->idle);
  atomic_store(&p->caller_sleeps, false);
  pthread_mutex_unlock(&p->idle);
}

static void run_inline(long first, long count, scant_body body, const void *context) {
  for (long i = first; i < count; i++) body(context, i);
}

void scant_pool_run(scant_pool *p, long count, scant_body body, const void *context) {
  // Nested, or the workers serve another caller: run all indices on this thread.
  if (count < 2 || p->workers == 0 || inside || pthread_mutex_trylock(&p->caller) != 0) {
    run_inline(0, count, body, context);
    return;
  }
  inside = true;
  long shared = count < MASK ? count : MASK;
  p->body = body;
  p->context = context;
  p->count = shared;
  atomic_store(&p->done, 0);
  uint64_t generation = (atomic_load(&p->ticket) >> (2 * FIELD)) + 1;
  atomic_store(&p->ticket, generation << (2 * FIELD) | (uint64_t)shared << FIELD);
  if (atomic_load(&p->sleepers) > 0) {
    pthread_mutex_lock(&p->idle);
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->idle);
  }
  take_part(p, true);
  wait_for_all(p, shared);
  run_inline(shared, count, body, context);
  inside = false;
  pthread_mutex_unlock(&p->caller);
}

scant_pool *scant_pool_create(int threads) {
  int workers = threads > 1 ? threads - 1 : 0;
  scant_pool *p = calloc(1, sizeof *p + (size_t)workers * sizeof(pthread_t));
  if (!p) return NULL;
  pthread_mutex_init(&p->caller, NULL);
  pthread_mutex_init(&p->idle, NULL);
  pthread_cond_init(&p->work, NULL);
  pthread_cond_init(&p->finished, NULL);
  while (p->workers < workers && !pthread_create(&p->threads[p->workers], NULL, worker, p))
    p->workers++;
  return p;
}

double scant_pool_seconds(const scant_pool *p) {
  double sum = 0;
#if defined(__linux__)
  for (int i = 0; i < p->workers; i++) {
    clockid_t id;
    struct timespec t;
    if (pthread_getcpuclockid(p->threads[i], &id) || clock_gettime(id, &t)) continue;
    sum += t.tv_sec + 1e-9 * t.tv_nsec;
  }
#endif
  return sum;
}

void scant_pool_destroy(scant_pool *p) {
  pthread_mutex_lock(&p->idle);
  atomic_store(&p->closing, true);
  pthread_cond_broadcast(&p->work);
  pthread_mutex_unlock(&p->idle);
  for (int i = 0; i < p->workers; i++) pthread_join(p->threads[i], NULL);
  pthread_cond_destroy(&p->finished);
  pthread_cond_destroy(&p->work);
  pthread_mutex_destroy(&p->idle);
  pthread_mutex_destroy(&p->caller);
  free(p);
}
