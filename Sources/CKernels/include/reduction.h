// reduction.c — x is [outer, n, inner], y is [outer, inner]
#ifndef SCANT_REDUCTION_H
#define SCANT_REDUCTION_H

#include <stdint.h>

double scant_total(const float *x, long n);
/// Σ x²
double scant_square_total(const float *x, long n);
void scant_sum(const float *x, long outer, long n, long inner, float *y);
void scant_max(const float *x, long outer, long n, long inner, float *y, int32_t *index);
void scant_max_back(
    const int32_t *index, const float *dy, long outer, long n, long inner, float *dx);
/// y[i] = sum over k of x[k, i], in order of k.
void scant_sum_rows(const float *x, long rows, long n, float *y);
/// sums [n] = Σ of `rows` rows, `row` values apart, in order.
void scant_column_sums(const float *x, long row, long rows, long n, float *sums);

#endif
