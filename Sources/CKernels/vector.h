// Sixteen floats at once, and how few channels are taken apart into them.
#ifndef SCANT_VECTOR_H
#define SCANT_VECTOR_H

#include "hot.h"

// Functions on vectors are always inlined: how a vector would be passed does not matter. They
// must be called by other inlined functions, which the HOT ones then call with plain arguments.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef int32_t i16 __attribute__((vector_size(64), aligned(4)));
typedef uint8_t b16 __attribute__((vector_size(16), aligned(1)));

#define LOAD(p) (*(const v16 *)(p))
#define STORE(p, v) (*(v16 *)(p) = (v))

INLINE v16 same(float x) { return (v16){} + x; }
/// a where the mask is set, b elsewhere.
INLINE v16 choose(i16 mask, v16 a, v16 b) { return (v16)(((i16)a & mask) | ((i16)b & ~mask)); }
INLINE i16 choose_places(i16 mask, i16 a, i16 b) { return (a & mask) | (b & ~mask); }

INLINE v16 positive(v16 x, v16 y) { return choose(x > same(0), y, same(0)); }

/// Channel c of every lane: x[l % channels] for channels dividing 16.
INLINE v16 along_lanes(const float *x, long channels) {
  v16 y;
  for (int l = 0; l < 16; l++) y[l] = x[l % channels];
  return y;
}

// A row of pixels with c channels, c in 1, 2, 4, 8: two vectors hold 32 / c of them. The even and
// the odd pixels, and back.
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
INLINE v16 even_pixels(v16 a, v16 b, int c) {
  switch (c) {
  case 1: return SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  case 2: return SHUFFLE(a, b, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29);
  case 4: return SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
  default: return SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  }
}
INLINE v16 odd_pixels(v16 a, v16 b, int c) {
  switch (c) {
  case 1: return SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  case 2: return SHUFFLE(a, b, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
  case 4: return SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  default: return SHUFFLE(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  }
}
INLINE v16 first_pixels(v16 even, v16 odd, int c) {
  switch (c) {
  case 1: return SHUFFLE(even, odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  case 2: return SHUFFLE(even, odd, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
  case 4: return SHUFFLE(even, odd, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  default: return SHUFFLE(even, odd, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  }
}
INLINE v16 last_pixels(v16 even, v16 odd, int c) {
  switch (c) {
  case 1: return SHUFFLE(even, odd, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  case 2: return SHUFFLE(even, odd, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
  case 4: return SHUFFLE(even, odd, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  default: return SHUFFLE(even, odd, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  }
}

#endif
