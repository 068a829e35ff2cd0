// Sums and maxima over one axis, always in the same order; sums in double over short float runs.
#include "CKernels.h"
#include "hot.h"

enum { LANES = 16, RUN = 256 };

INLINE double total(const float *R x, long n) {
  double sum = 0;
  for (long start = 0; start < n; start += RUN) {
    long end = start + RUN < n ? start + RUN : n, i = start;
    float lane[LANES] = {0};
    for (; i + LANES <= end; i += LANES)
      for (int l = 0; l < LANES; l++) lane[l] += x[i + l];
    for (; i < end; i++) sum += x[i];
    for (int l = 0; l < LANES; l++) sum += lane[l];
  }
  return sum;
}

HOT double scant_total(const float *R x, long n) { return total(x, n); }

HOT double scant_square_total(const float *R x, long n) {
  double sum = 0;
  for (long start = 0; start < n; start += RUN) {
    long end = start + RUN < n ? start + RUN : n, i = start;
    float lane[LANES] = {0};
    for (; i + LANES <= end; i += LANES)
      for (int l = 0; l < LANES; l++) lane[l] += x[i + l] * x[i + l];
    for (; i < end; i++) sum += (double)x[i] * x[i];
    for (int l = 0; l < LANES; l++) sum += lane[l];
  }
  return sum;
}

HOT void scant_sum(const float *R x, long outer, long n, long inner, float *R y) {
  for (long o = 0; o < outer; o++, x += n * inner, y += inner) {
    if (inner == 1) {
      y[0] = (float)total(x, n);
      continue;
    }
    for (long start = 0; start < inner; start += 64) {
      long width = inner - start < 64 ? inner - start : 64;
      double sum[64] = {0};
      for (long k = 0; k < n; k++)
        for (long i = 0; i < width; i++) sum[i] += x[k * inner + start + i];
      for (long i = 0; i < width; i++) y[start + i] = (float)sum[i];
    }
  }
}

HOT void scant_max(
    const float *R x, long outer, long n, long inner, float *R y, int32_t *R index) {
  for (long o = 0; o < outer; o++)
    for (long i = 0; i < inner; i++) {
      const float *from = x + o * n * inner + i;
      long best = 0;
      for (long k = 1; k < n; k++)
        if (from[k * inner] > from[best * inner]) best = k;
      y[o * inner + i] = from[best * inner];
      index[o * inner + i] = (int32_t)best;
    }
}

void scant_max_back(
    const int32_t *R index, const float *R dy, long outer, long n, long inner, float *R dx) {
  memset(dx, 0, (size_t)(outer * n * inner) * sizeof(float));
  for (long o = 0; o < outer; o++)
    for (long i = 0; i < inner; i++)
      dx[(o * n + index[o * inner + i]) * inner + i] = dy[o * inner + i];
}

HOT void scant_sum_rows(const float *R x, long rows, long n, float *R y) {
  memcpy(y, x, (size_t)n * sizeof(float));
  for (long k = 1; k < rows; k++)
    for (long i = 0; i < n; i++) y[i] += x[k * n + i];
}

HOT void scant_column_sums(const float *R x, long row, long rows, long n, float *R sums) {
  memset(sums, 0, sizeof(float) * (size_t)n);
  long i = 0;
  for (; i + 4 <= rows; i += 4) {  // four rows a visit: the sums are loaded and stored less often
    const float *R a = x + i * row, *R b = a + row, *R c = b + row, *R d = c + row;
    for (long j = 0; j < n; j++) sums[j] += (a[j] + b[j]) + (c[j] + d[j]);
  }
  for (; i < rows; i++)
    for (long j = 0; j < n; j++) sums[j] += x[i * row + j];
}
