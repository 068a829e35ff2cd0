// tile.h — the register block of all matrix products: up to 12×32 sums that stay in registers while
// a loop runs over the inner dimension.
//
// A "wide" function may use AVX-512 and is called only after `has_wide()`. Its "narrow" counterpart
// runs anywhere and splits the same block to fit fewer and shorter registers.
#ifndef SCANT_TILE_H
#define SCANT_TILE_H

#include "hot.h"
#include <stdbool.h>

// Vectors are arguments of inlined functions alone: there is no calling convention to break.
#pragma clang diagnostic ignored "-Wpsabi"

#if defined(__x86_64__) && defined(__linux__)
// Without the second attribute clang cuts 64-byte vectors in two on this architecture level.
#define WIDE __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define NARROW __attribute__((target_clones("arch=x86-64-v3", "default")))
INLINE bool has_wide(void) { return __builtin_cpu_supports("x86-64-v4"); }
#else
#define WIDE
#define NARROW
INLINE bool has_wide(void) { return false; }
#endif

enum { TILE_ROWS = 12, TILE_COLUMNS = 32 };

typedef float v4 __attribute__((vector_size(16), aligned(4)));
typedef float v8 __attribute__((vector_size(32), aligned(4)));
typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef int i16 __attribute__((vector_size(64), aligned(4)));

#define UNROLL _Pragma("clang loop unroll(full)")

// C (+)= A·B for C [rows, 32], A [rows, k], B [k, 32]: element (i, p) of A lies at
// a[i·a_row + p·a_step], row p of B at b + p·b_row.
typedef struct {
  const float *a;
  long a_row, a_step;
  const float *b;
  long b_row;
  long k;
  float *c;
  long c_row;
  bool adds;
} tile;

#define TILE(NAME, VECTOR, LANES, MOST)                                                            \
  INLINE void NAME(const tile t, const int rows) {                                                 \
    VECTOR sum[MOST][2];                                                                           \
    const float *a = t.a, *b = t.b;                                                                \
    UNROLL for (int i = 0; i < rows; i++) sum[i][0] = sum[i][1] = (VECTOR){0};                     \
    for (long p = 0; p < t.k; p++, a += t.a_step, b += t.b_row) {                                  \
      VECTOR left = *(const VECTOR *)b, right = *(const VECTOR *)(b + LANES);                      \
      UNROLL for (int i = 0; i < rows; i++) {                                                      \
        sum[i][0] += left * a[i * t.a_row];                                                        \
        sum[i][1] += right * a[i * t.a_row];                                                       \
      }                                                                                            \
    }                                                                                              \
    UNROLL for (int i = 0; i < rows; i++) {                                                        \
      VECTOR *c = (VECTOR *)(t.c + i * t.c_row), *d = (VECTOR *)(t.c + i * t.c_row + LANES);       \
      *c = t.adds ? *c + sum[i][0] : sum[i][0];                                                    \
      *d = t.adds ? *d + sum[i][1] : sum[i][1];                                                    \
    }                                                                                              \
  }
TILE(tile_wide, v16, 16, 12)
TILE(tile_narrow, v8, 8, 6)

// The whole block in pieces of rows/2 × 16: 12 sums of 8 lanes and what they are made from fill 16
// registers.
INLINE void tile_in_pieces(const tile t, const int rows) {
  for (int half = 0; half < 2; half++) {
    for (int side = 0; side < 2; side++) {
      tile piece = t;
      piece.a += half * (rows / 2) * t.a_row;
      piece.b += side * 16;
      piece.c += half * (rows / 2) * t.c_row + side * 16;
      tile_narrow(piece, rows / 2);
    }
  }
}

// `wide` and `rows` (12, 8 or 4) must be constants where this is inlined.
INLINE void multiply_tile(const bool wide, const tile t, const int rows) {
  if (wide) tile_wide(t, rows);
  else tile_in_pieces(t, rows);
}

// to[p·width + i] = from[i·row + p] for i < 4, p < k: four rows become four columns.
INLINE void turn_four(const float *R from, long row, long k, float *R to, long width) {
  long p = 0;
  for (; p + 4 <= k; p += 4) {
    v4 a = *(const v4 *)(from + p), b = *(const v4 *)(from + row + p);
    v4 c = *(const v4 *)(from + 2 * row + p), d = *(const v4 *)(from + 3 * row + p);
    v4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    v4 cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    v4 ef = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    v4 gh = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    *(v4 *)(to + p * width) = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    *(v4 *)(to + (p + 1) * width) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    *(v4 *)(to + (p + 2) * width) = __builtin_shufflevector(ef, gh, 0, 1, 4, 5);
    *(v4 *)(to + (p + 3) * width) = __builtin_shufflevector(ef, gh, 2, 3, 6, 7);
  }
  for (; p < k; p++)
    for (long i = 0; i < 4; i++) to[p * width + i] = from[i * row + p];
}

// A panel: to[p·width + i] = element (i, p) for i < count, zero for the rest of `width`. Element
// (i, p) lies at from[i·row + p·step]; one of the two strides is 1.
INLINE void pack_panel(
    const float *R from, long row, long step, long count, long k, float *R to, long width) {
  if (row == 1 && count == width) {
    // 16 values at once; what is too much lies in the next run, which follows.
    for (long p = 0; p < k - 1; p++)
      for (long i = 0; i < width; i += 16)
        *(v16 *)(to + p * width + i) = *(const v16 *)(from + p * step + i);
    memcpy(to + (k - 1) * width, from + (k - 1) * step, 4 * (size_t)width);
    return;
  }
  long i = 0;
  if (step == 1)
    for (; i + 4 <= count; i += 4) turn_four(from + i * row, row, k, to + i, width);
  for (; i < width; i++)
    for (long p = 0; p < k; p++) to[p * width + i] = i < count ? from[i * row + p * step] : 0;
}

#endif
