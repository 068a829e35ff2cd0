// Batch normalisation of one channel, with the ReLU that usually follows.
#include "CKernels.h"
#include "hot.h"

enum { LANES = 16, RUN = 256 };

// Adds Σ over n of term(i) to result: short float runs, then double.
#define SUM(result, n, term)                                                      \
  for (long start = 0; start < (n); start += RUN) {                               \
    long end = start + RUN < (n) ? start + RUN : (n), j = start;                  \
    float lane[LANES] = {0};                                                      \
    for (; j + LANES <= end; j += LANES)                                          \
      for (int l = 0; l < LANES; l++) lane[l] += term(j + l);                     \
    for (; j < end; j++) result += term(j);                                       \
    for (int l = 0; l < LANES; l++) result += lane[l];                            \
  }

HOT void scant_moments(
    const float *x, long b, long channels, long p, long c, double *mean, double *variance) {
  double sum = 0, squares = 0;
  for (long k = 0; k < b; k++) {
    const float *R plane = x + (k * channels + c) * p;
#define VALUE(i) plane[i]
    SUM(sum, p, VALUE)
  }
  double m = sum / ((double)b * p);
  float centre = (float)m;
  for (long k = 0; k < b; k++) {
    const float *R plane = x + (k * channels + c) * p;
#define SQUARE(i) (plane[i] - centre) * (plane[i] - centre)
    SUM(squares, p, SQUARE)
  }
  *mean = m;
  *variance = squares / ((double)b * p);
}

HOT void scant_normalize(
    const float *x, long b, long channels, long p, long c, float scale, float shift, int relu,
    float *y) {
  for (long k = 0; k < b; k++) {
    const float *R from = x + (k * channels + c) * p;
    float *R to = y + (k * channels + c) * p;
    if (relu)
      for (long i = 0; i < p; i++) {
        float v = from[i] * scale + shift;
        to[i] = v > 0 ? v : 0;
      }
    else
      for (long i = 0; i < p; i++) to[i] = from[i] * scale + shift;
  }
}

// dy where the ReLU let it pass. The load comes first: a conditional one does not vectorise.
INLINE float passed(const float *y, const float *dy, long i) {
  float slope = dy[i];
  return y[i] > 0 ? slope : 0;
}

// Both sums in one pass.
#define SUMS(slope)                                                               \
  for (long start = 0; start < p; start += RUN) {                                 \
    long end = start + RUN < p ? start + RUN : p, j = start;                      \
    float one[LANES] = {0}, two[LANES] = {0};                                     \
    for (; j + LANES <= end; j += LANES)                                          \
      for (int l = 0; l < LANES; l++) {                                           \
        long i = j + l;                                                           \
        float g = (slope);                                                        \
        one[l] += g;                                                              \
        two[l] += g * (px[i] - mean);                                             \
      }                                                                           \
    for (long i = j; i < end; i++) {                                              \
      float g = (slope);                                                          \
      first += g;                                                                 \
      second += g * (px[i] - mean);                                               \
    }                                                                             \
    for (int l = 0; l < LANES; l++) first += one[l], second += two[l];            \
  }

HOT void scant_normalize_sums(
    const float *x, const float *dy, const float *y, long b, long channels, long p, long c,
    float mean, double *sums) {
  double first = 0, second = 0;
  for (long k = 0; k < b; k++) {
    long at = (k * channels + c) * p;
    const float *R px = x + at, *R pd = dy + at, *R py = y ? y + at : 0;
    if (py) SUMS(passed(py, pd, i))
    else SUMS(pd[i])
  }
  sums[0] = first;
  sums[1] = second;
}

HOT void scant_normalize_back(
    const float *x, const float *dy, const float *y, long b, long channels, long p, long c,
    float mean, float a, float k, float m, float *dx) {
  for (long image = 0; image < b; image++) {
    long at = (image * channels + c) * p;
    const float *R px = x + at, *R pd = dy + at, *R py = y ? y + at : 0;
    float *R to = dx + at;
    if (py)
      for (long i = 0; i < p; i++)
        to[i] = a * passed(py, pd, i) + k * (px[i] - mean) + m;
    else
      for (long i = 0; i < p; i++) to[i] = a * pd[i] + k * (px[i] - mean) + m;
  }
}
