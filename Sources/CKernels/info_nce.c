// InfoNCE: column i is the positive of row i. Value and gradient in one pass, in double.
#include "CKernels.h"
#include <math.h>

double scant_info_nce(
    const float *s, long n, long row_step, long column_step, float *gradient) {
  double loss = 0;
  for (long i = 0; i < n; i++) {
    const float *row = s + i * row_step;
    float *out = gradient + i * row_step;
    double most = row[0], sum = 0;
    for (long j = 1; j < n; j++)
      if (row[j * column_step] > most) most = row[j * column_step];
    for (long j = 0; j < n; j++) sum += exp(row[j * column_step] - most);
    loss += log(sum) + most - row[i * column_step];
    for (long j = 0; j < n; j++)
      out[j * column_step] = (float)(exp(row[j * column_step] - most) / sum - (i == j));
  }
  return loss;
}
