// distances.c — Euclidean distances between all rows of x [rows, n]
#ifndef SCANT_DISTANCES_H
#define SCANT_DISTANCES_H

/// y[j] = sqrt(|x[i] - x[j]|^2 + epsilon) for all j: row i of the distances.
void scant_distances(const float *x, float epsilon, long i, long rows, long n, float *y);
/// Row i of dx, from the distances y and their slopes dy, both [rows, rows].
void scant_distances_back(
    const float *x, const float *y, const float *dy, long i, long rows, long n, float *dx);

#endif
