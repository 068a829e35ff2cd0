// Sums down the columns: the gradient of a bias.
#include "hot.h"
#include "rows.h"

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
