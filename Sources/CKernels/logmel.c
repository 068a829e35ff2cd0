// Log-mel spectra of frames of sound. FFTW computes the Fourier transform.
#include "CKernels.h"
#include "hot.h"
#include "quick_log.h"

typedef float lanes __attribute__((vector_size(4 * SCANT_LANES), aligned(4)));

HOT void scant_window_frame(const float *R x, const float *R w, float *R y, long n) {
  for (long i = 0; i < n; i++) y[i] = x[i] * w[i];
}

HOT void scant_emphasized_frame(
    const float *R x, const float *R w, float *R y, long n, float alpha) {
  float sum = 0;
  float parts[SCANT_LANES] = {0};
  long i = 0;
  for (; i + SCANT_LANES <= n; i += SCANT_LANES)
    for (int l = 0; l < SCANT_LANES; l++) parts[l] += x[i + l];
  for (; i < n; i++) sum += x[i];
  for (int l = 0; l < SCANT_LANES; l++) sum += parts[l];
  float mean = sum / n;
  y[0] = ((x[0] - mean) - alpha * (x[0] - mean)) * w[0];
  for (i = 1; i < n; i++) y[i] = ((x[i] - mean) - alpha * (x[i - 1] - mean)) * w[i];
}

HOT void scant_complex_power(const float *R z, long n, float *R power) {
  for (long k = 0; k < n; k++) power[k] = z[2 * k] * z[2 * k] + z[2 * k + 1] * z[2 * k + 1];
}

HOT void scant_root(float *x, long n) {
  for (long i = 0; i < n; i++) x[i] = __builtin_elementwise_sqrt(x[i]);
}

// With Z the transform of evens + i·odds and j = n/2 - k: twice the evens' transform is
// E = Z[k] + conj Z[j], twice the odds' O = -i·(Z[k] - conj Z[j]); 2·X[k] = E + e^(-2πik/n)·O, and
// 2·X[j] is the conjugate of E - e^(-2πik/n)·O: one product for two bins.
INLINE void pairs(
    const float *R z, const float *R turns, long half, long count, float *R low, float *R high) {
  const float *sine = turns + count + 1, *back = z + 2 * half;
  for (long k = 1; k <= count; k++) {
    float a = z[2 * k], b = z[2 * k + 1], c = back[-2 * k], d = back[1 - 2 * k];
    float er = a + c, ei = b - d, or = b + d, oi = c - a;
    float tr = turns[k] * or + sine[k] * oi, ti = turns[k] * oi - sine[k] * or;
    low[k] = 0.25f * ((er + tr) * (er + tr) + (ei + ti) * (ei + ti));
    high[-k] = 0.25f * ((er - tr) * (er - tr) + (ei - ti) * (ei - ti));
  }
}

HOT void scant_real_power(const float *R z, const float *R turns, long n, float *R power) {
  long half = n / 2;
  pairs(z, turns, half, (half - 1) / 2, power, power + half);
  power[0] = (z[0] + z[1]) * (z[0] + z[1]);
  power[half] = (z[0] - z[1]) * (z[0] - z[1]);
  if (half % 2 == 0) power[half / 2] = z[half] * z[half] + z[half + 1] * z[half + 1];
}

#define INTERLEAVE_LOW(a, b)                                                                       \
  __builtin_shufflevector(                                                                         \
      a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define INTERLEAVE_HIGH(a, b)                                                                      \
  __builtin_shufflevector(                                                                         \
      a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define PAIRS_LOW(a, b)                                                                            \
  __builtin_shufflevector(                                                                         \
      a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define PAIRS_HIGH(a, b)                                                                           \
  __builtin_shufflevector(                                                                         \
      a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define QUARTERS_EVEN(a, b)                                                                        \
  __builtin_shufflevector(                                                                         \
      a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
#define QUARTERS_ODD(a, b)                                                                         \
  __builtin_shufflevector(                                                                         \
      a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)

// 16 columns of 16 rows, `ld` apart, to 16 vectors: y[c] holds column c.
INLINE void transpose(const float *R x, long ld, lanes *R y) {
  lanes r[16], s[16];
  for (int i = 0; i < 16; i++) r[i] = *(const lanes *)(x + i * ld);
  for (int i = 0; i < 16; i += 2) {
    s[i] = INTERLEAVE_LOW(r[i], r[i + 1]);
    s[i + 1] = INTERLEAVE_HIGH(r[i], r[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {  // r[i + q]: columns q, 4 + q, … of rows i..i + 3
    r[i] = PAIRS_LOW(s[i], s[i + 2]);
    r[i + 1] = PAIRS_HIGH(s[i], s[i + 2]);
    r[i + 2] = PAIRS_LOW(s[i + 1], s[i + 3]);
    r[i + 3] = PAIRS_HIGH(s[i + 1], s[i + 3]);
  }
  for (int q = 0; q < 4; q++) {
    lanes a = QUARTERS_EVEN(r[q], r[4 + q]), b = QUARTERS_ODD(r[q], r[4 + q]);
    lanes c = QUARTERS_EVEN(r[8 + q], r[12 + q]), d = QUARTERS_ODD(r[8 + q], r[12 + q]);
    y[q] = QUARTERS_EVEN(a, c);
    y[8 + q] = QUARTERS_ODD(a, c);
    y[4 + q] = QUARTERS_EVEN(b, d);
    y[12 + q] = QUARTERS_ODD(b, d);
  }
}

HOT void scant_filter_block(
    const scant_filters *f, const float *R power, float *R scratch, float *R y, long ld,
    long used) {
  lanes *columns = (lanes *)scratch;
  long k = 0;
  for (; k + 16 <= f->bins; k += 16) transpose(power + k, f->bins, columns + k);
  for (; k < f->bins; k++)
    for (int i = 0; i < SCANT_LANES; i++) columns[k][i] = power[i * f->bins + k];
  for (long b = 0; b < f->bands; b++) {
    const float *w = f->weights + f->offsets[b];
    const lanes *x = columns + f->starts[b];
    long n = f->offsets[b + 1] - f->offsets[b];
    lanes sum = {0};
    for (long i = 0; i < n; i++) sum += w[i] * x[i];
    if (used == SCANT_LANES) *(lanes *)(y + b * ld) = sum;
    else for (long i = 0; i < used; i++) y[b * ld + i] = sum[i];
  }
}

HOT void scant_log_rows(
    float *y, long rows, long ld, long n, float factor, float offset, float floor, float scale) {
  for (long r = 0; r < rows; r++) {
    float *row = y + r * ld;
    for (long i = 0; i < n; i++) {
      float v = factor * row[i] + offset;
      row[i] = scale * quick_log(v < floor ? floor : v);
    }
  }
}

HOT void scant_mix_rows(
    const float *R a, const float *R x, float *R y, long rows, long inner, long n) {
  enum { ROWS = 4 };
  for (long first = 0; first < n; first += SCANT_LANES) {
    long used = n - first < SCANT_LANES ? n - first : SCANT_LANES;
    for (long r = 0; r < rows; r += ROWS) {
      long count = rows - r < ROWS ? rows - r : ROWS;
      lanes sums[ROWS] = {{0}};
      for (long k = 0; k < inner; k++) {
        lanes v = {0};
        if (used == SCANT_LANES) v = *(const lanes *)(x + k * n + first);
        else __builtin_memcpy(&v, x + k * n + first, used * sizeof(float));
        for (long j = 0; j < count; j++) sums[j] += a[(r + j) * inner + k] * v;
      }
      for (long j = 0; j < count; j++)
        __builtin_memcpy(y + (r + j) * n + first, &sums[j], used * sizeof(float));
    }
  }
}
