// normalize.c — rows of length one; x is [rows, n]
#ifndef SCANT_NORMALIZE_H
#define SCANT_NORMALIZE_H

/// y = x / max(|x|, epsilon) for each row; inverses[r] is what row r was multiplied by.
void scant_normalize_rows(
    const float *x, float epsilon, long rows, long n, float *y, float *inverses);
/// dx = inverse·(dy - y·(y·dy)) where the row was longer than epsilon, else inverse·dy.
void scant_normalize_rows_back(
    const float *y, const float *inverses, const float *dy, float epsilon, long rows, long n,
    float *dx);

#endif
