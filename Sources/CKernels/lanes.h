// Vectors of 16 floats: one register of AVX-512, two of AVX2, four of NEON and SSE.
#ifndef SCANT_LANES_H
#define SCANT_LANES_H

#include "hot.h"

enum { LANES16 = 16 };
typedef float v16 __attribute__((vector_size(64)));
typedef float v16_memory __attribute__((vector_size(64), aligned(4), may_alias));
typedef double d16 __attribute__((vector_size(128)));
typedef double d16_memory __attribute__((vector_size(128), aligned(8), may_alias));

#define UNROLL _Pragma("clang loop unroll(full)")

INLINE long least(long a, long b) { return a < b ? a : b; }
INLINE long most(long a, long b) { return a > b ? a : b; }
INLINE long round_up(long n, long step) { return (n + step - 1) / step * step; }
INLINE long quotient_up(long n, long d) { return (n + d - 1) / d; }

// Macros, since functions that hand vectors over by value depend on the instruction set.
#define SPLAT(x) ((v16){0} + (x))
/// The 16 floats at p, to read or to write.
#define AT16(p) (*(v16_memory *)(p))
/// Past the caches, for results that would only push others out; p must be a multiple of 64 bytes,
/// and `finish_streaming` must follow before another thread may read.
#define STREAM16(p, value) __builtin_nontemporal_store(value, (v16 *)(p))
/// Adds 16 floats to 16 doubles in memory.
#define ADD_WIDE(sums, value) \
  (*(d16_memory *)(sums) += __builtin_convertvector(value, d16))

INLINE void finish_streaming(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

/// The first n of 16 floats; zeros behind them.
INLINE void load_first(const float *p, long n, v16 *to) {
  float lane[LANES16] = {0};
  for (long i = 0; i < n; i++) lane[i] = p[i];
  *to = AT16(lane);
}

INLINE void store_first(float *p, const v16 *from, long n) {
  float lane[LANES16];
  AT16(lane) = *from;
  for (long i = 0; i < n; i++) p[i] = lane[i];
}

/// Whether there are 32 registers of 64 bytes: the micro kernels then hold larger blocks.
INLINE int has_wide_registers(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512vl");
#else
  return 0;
#endif
}

#endif
