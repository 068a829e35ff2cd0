// similarity.c — x is [rows, n]
#ifndef SCANT_SIMILARITY_H
#define SCANT_SIMILARITY_H

/// y = x / max(|x|, epsilon) for each row; inverses[r] is what row r was multiplied by.
void scant_normalize_rows(
    const float *x, float epsilon, long rows, long n, float *y, float *inverses);
/// dx = inverse·(dy - y·(y·dy)) where the row was longer than epsilon, else inverse·dy.
void scant_normalize_rows_back(
    const float *y, const float *inverses, const float *dy, float epsilon, long rows, long n,
    float *dx);

/// y[j] = sqrt(|x[i] - x[j]|^2 + epsilon) for all j: row i of the distances.
void scant_distances(const float *x, float epsilon, long i, long rows, long n, float *y);
/// Row i of dx, from the distances y and their gradients dy, both [rows, rows].
void scant_distances_back(
    const float *x, const float *y, const float *dy, long i, long rows, long n, float *dx);

#endif
