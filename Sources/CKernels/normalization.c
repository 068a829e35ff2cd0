// Batch normalisation of one channel, with the ReLU that usually follows.
#include "CKernels.h"
#include "hot.h"

enum { LANES = 16, RUN = 1024 };

// Σ over n of f(i) in short float runs, then double: `term` may use i.
#define SUM(result, n, term)                                                      \
  for (long start = 0; start < (n); start += RUN) {                               \
    long end = start + RUN < (n) ? start + RUN : (n), i = start;                  \
    float lane[LANES] = {0};                                                      \
    for (; i + LANES <= end; i += LANES)                                          \
      for (int l = 0; l < LANES; l++) { long j = i + l; lane[l] += (term); }      \
    for (; i < end; i++) { long j = i; result += (term); }                        \
    for (int l = 0; l < LANES; l++) result += lane[l];                            \
  }

HOT void scant_moments(
    const float *x, long b, long channels, long p, long c, double *mean, double *variance) {
  double sum = 0, squares = 0;
  for (long k = 0; k < b; k++) {
    const float *R plane = x + (k * channels + c) * p;
    SUM(sum, p, plane[j])
  }
  double m = sum / ((double)b * p);
  float centre = (float)m;
  for (long k = 0; k < b; k++) {
    const float *R plane = x + (k * channels + c) * p;
    SUM(squares, p, (plane[j] - centre) * (plane[j] - centre))
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

HOT void scant_normalize_sums(
    const float *x, const float *dy, const float *y, long b, long channels, long p, long c,
    float mean, double *sums) {
  double first = 0, second = 0;
  for (long k = 0; k < b; k++) {
    long at = (k * channels + c) * p;
    const float *R px = x + at, *R pd = dy + at, *R py = y ? y + at : 0;
    if (py) {
      SUM(first, p, py[j] > 0 ? pd[j] : 0)
      SUM(second, p, (py[j] > 0 ? pd[j] : 0) * (px[j] - mean))
    } else {
      SUM(first, p, pd[j])
      SUM(second, p, pd[j] * (px[j] - mean))
    }
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
        to[i] = a * (py[i] > 0 ? pd[i] : 0) + k * (px[i] - mean) + m;
    else
      for (long i = 0; i < p; i++) to[i] = a * pd[i] + k * (px[i] - mean) + m;
  }
}
