// Bilinear upsampling by two with aligned corners: output i lies at i·(n-1)/(2n-1), so outputs 2j
// and 2j+1 lie on both sides of input j. Even and odd outputs are computed in two loops and
// interleaved.
#include "CKernels.h"
#include "hot.h"

// Every helper below is inlined into HOT functions, so no vector is ever passed in a call.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float v16 __attribute__((vector_size(64)));
typedef float v16u __attribute__((vector_size(64), aligned(4)));

INLINE v16 load(const float *p) { return *(const v16u *)p; }
INLINE void store(float *p, v16 v) { *(v16u *)p = v; }

void scant_upsampling_weights(long n, long channels, float *weights) {
  double width = 2 * n - 1;
  float *after = weights + channels, *before = after + n * channels;
  memset(weights, 0, (size_t)((2 * n + 2) * channels) * sizeof(float));
  for (long j = 0; j < n; j++)
    for (long c = 0; c < channels; c++) {
      before[j * channels + c] = (float)(j / width);
      after[j * channels + c] = (float)((n - 1 - j) / width);
    }
}

// 16 evens and 16 odds, in groups of `c`, take turns; c is 1, 2, 4, 8 or 16.
INLINE void interleave(v16 e, v16 o, long c, float *y) {
#define JOIN(...) __builtin_shufflevector(e, o, __VA_ARGS__)
  switch (c) {
  case 1:
    store(y, JOIN(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    store(y + 16, JOIN(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
    break;
  case 2:
    store(y, JOIN(0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23));
    store(y + 16, JOIN(8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31));
    break;
  case 4:
    store(y, JOIN(0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23));
    store(y + 16, JOIN(8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31));
    break;
  case 8:
    store(y, JOIN(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
    store(y + 16, JOIN(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
    break;
  default:
    store(y, e);
    store(y + 16, o);
  }
}

// t has a group on either side of its w groups.
INLINE void enlarge(
    const float *t, long w, long c, const float *R weights, float *R y) {
  const float *after = weights + c, *before = after + w * c;
  long n = w * c, i = 0;
  if (c == 1 || c == 2 || c == 4 || c == 8 || c == 16)
    for (; i + 16 <= n; i += 16) {
      v16 x = load(t + i);
      v16 even = x + load(before + i) * (load(t + i - c) - x);
      v16 odd = x + load(after + i) * (load(t + i + c) - x);
      interleave(even, odd, c, y + 2 * i);
    }
  for (; i < n; i += c)
    for (long k = i; k < i + c; k++) {
      y[k + i] = t[k] + before[k] * (t[k - c] - t[k]);
      y[k + i + c] = t[k] + after[k] * (t[k + c] - t[k]);
    }
}

HOT void scant_upsample_row(
    const float *R above, const float *R below, float share, long w, long c,
    const float *R weights, float *R scratch, float *R y) {
  float *t = scratch + c;
  for (long i = 0; i < w * c; i++) t[i] = above[i] + share * (below[i] - above[i]);
  memcpy(scratch, t, (size_t)c * sizeof(float));
  memcpy(t + w * c, t + (w - 1) * c, (size_t)c * sizeof(float));
  switch (c) {
  case 1: enlarge(t, w, 1, weights, y); break;
  case 2: enlarge(t, w, 2, weights, y); break;
  case 4: enlarge(t, w, 4, weights, y); break;
  case 8: enlarge(t, w, 8, weights, y); break;
  case 16: enlarge(t, w, 16, weights, y); break;
  default: enlarge(t, w, c, weights, y);
  }
}

// The inverse of `interleave`.
INLINE void part(v16 a, v16 b, long c, float *even, float *odd) {
#define PART(...) __builtin_shufflevector(a, b, __VA_ARGS__)
  switch (c) {
  case 1:
    store(even, PART(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30));
    store(odd, PART(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31));
    break;
  case 2:
    store(even, PART(0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29));
    store(odd, PART(2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31));
    break;
  case 4:
    store(even, PART(0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27));
    store(odd, PART(4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31));
    break;
  case 8:
    store(even, PART(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
    store(odd, PART(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
    break;
  default:
    store(even, a);
    store(odd, b);
  }
}

// Output rows of 2w groups, blended and parted into even and odd rows of w groups.
INLINE void blend(
    const float *const dy[4], const float s[4], long w, long c, float *R even, float *R odd) {
  const float *R p = dy[0], *R q = dy[1], *R r = dy[2], *R t = dy[3];
  long n = w * c, i = 0;
#define ROWS(k) (s[0] * p[k] + s[1] * q[k] + s[2] * r[k] + s[3] * t[k])
#define LOADED(k) \
  (s[0] * load(p + (k)) + s[1] * load(q + (k)) + s[2] * load(r + (k)) + s[3] * load(t + (k)))
  if (c == 1 || c == 2 || c == 4 || c == 8 || c == 16)
    for (; i + 16 <= n; i += 16)
      part(LOADED(2 * i), LOADED(2 * i + 16), c, even + i, odd + i);
  for (; i < n; i += c)
    for (long k = i; k < i + c; k++) {
      even[k] = ROWS(k + i);
      odd[k] = ROWS(k + i + c);
    }
}

HOT void scant_upsample_row_back(
    const float *const dy[4], const float shares[4], long w, long c, const float *R weights,
    float *R scratch, float *R dx) {
  long n = w * c;
  const float *after = weights + c, *before = after + n;
  float *odd = scratch + c, *even = odd + n;  // a group of zeros on either side, as in weights
  memset(scratch, 0, (size_t)c * sizeof(float));
  memset(even + n, 0, (size_t)c * sizeof(float));
  switch (c) {
  case 1: blend(dy, shares, w, 1, even, odd); break;
  case 2: blend(dy, shares, w, 2, even, odd); break;
  case 4: blend(dy, shares, w, 4, even, odd); break;
  case 8: blend(dy, shares, w, 8, even, odd); break;
  case 16: blend(dy, shares, w, 16, even, odd); break;
  default: blend(dy, shares, w, c, even, odd);
  }
  for (long i = 0; i < n; i++)
    dx[i] = (1 - before[i]) * even[i] + (1 - after[i]) * odd[i]
          + after[i - c] * odd[i - c] + before[i + c] * even[i + c];
}
