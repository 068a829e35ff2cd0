// Radial basis functions, and the two scans of sequential minimal optimization. Ties go to the
// first place of the lowest lane: the same on every machine.
#include "CKernels.h"
#include "hot.h"
#include <math.h>

enum { LANES = 8 };

HOT void scant_radial(float *R products, const float *R norms, float norm, float gamma, long n) {
  for (long j = 0; j < n; j++) {
    float square = norm + norms[j] - 2 * products[j];
    products[j] = quick_exp(-gamma * (square > 0 ? square : 0));
  }
}

HOT long scant_smo_move(
    double *R f, const float *R ki, double a, const float *R kj, double b, const double *R cost,
    long n) {
  double best[LANES];
  int64_t place[LANES];
  for (int l = 0; l < LANES; l++) best[l] = INFINITY, place[l] = -1;
  long t = 0;
  for (; t + LANES <= n; t += LANES)
    for (int l = 0; l < LANES; l++) {
      double value = f[t + l] + a * ki[t + l] + b * kj[t + l];
      f[t + l] = value;
      value += cost[t + l];
      int better = value < best[l];
      best[l] = better ? value : best[l];
      place[l] = better ? t + l : place[l];
    }
  for (; t < n; t++) {
    double value = f[t] = f[t] + a * ki[t] + b * kj[t];
    value += cost[t];
    if (value < best[0]) best[0] = value, place[0] = t;
  }
  int least = 0;
  for (int l = 1; l < LANES; l++)
    if (best[l] < best[least]) least = l;
  return place[least];
}

HOT long scant_smo_partner(
    const double *R f, const double *R cost, const float *R ki, const float *R diagonal,
    double least, double kii, long n, double *R largest) {
  double best[LANES], top[LANES];
  int64_t place[LANES];
  for (int l = 0; l < LANES; l++) best[l] = 0, top[l] = -INFINITY, place[l] = -1;
  long t = 0;
  for (; t + LANES <= n; t += LANES)
    for (int l = 0; l < LANES; l++) {
      double value = f[t + l] - cost[t + l], ahead = value - least;
      double bend = kii + diagonal[t + l] - 2.0 * ki[t + l];
      double gain = ahead * ahead / (bend > 1e-12 ? bend : 1e-12);
      gain = ahead > 0 ? gain : 0;
      top[l] = value > top[l] ? value : top[l];
      int better = gain > best[l];
      best[l] = better ? gain : best[l];
      place[l] = better ? t + l : place[l];
    }
  for (; t < n; t++) {
    double value = f[t] - cost[t], ahead = value - least;
    double bend = kii + diagonal[t] - 2.0 * ki[t];
    double gain = ahead > 0 ? ahead * ahead / (bend > 1e-12 ? bend : 1e-12) : 0;
    if (value > top[0]) top[0] = value;
    if (gain > best[0]) best[0] = gain, place[0] = t;
  }
  int most = 0;
  for (int l = 1; l < LANES; l++) {
    if (best[l] > best[most]) most = l;
    if (top[l] > top[0]) top[0] = top[l];
  }
  *largest = top[0];
  return place[most];
}
