// The harmonic filter bank. Each filter covers a few neighbouring bins, so 16 frames are transposed
// to lie side by side, and every weight is applied to 16 values at once.
#include "CKernels.h"
#include "hot.h"

enum { LANES = SCANT_HARMONIC_FRAMES };

// [frames, bins] -> [bins, 16], frames that are not there as zeros.
INLINE void turn(const float *R x, long frames, long bins, float *R s) {
  if (frames < LANES) memset(s, 0, (size_t)(bins * LANES) * sizeof(float));
  for (long j = 0; j < bins; j++)
    for (long t = 0; t < frames; t++) s[j * LANES + t] = x[t * bins + j];
}

INLINE void filtered(
    const scant_harmonic_bank *bank, const float *weights, long f, const float *R s, float *R y) {
  const float *w = weights + bank->offsets[f];
  float sum[LANES] = {0};
  s += bank->starts[f] * LANES;
  for (long j = 0; j < bank->counts[f]; j++)
    for (int t = 0; t < LANES; t++) sum[t] += w[j] * s[j * LANES + t];
  for (int t = 0; t < LANES; t++) y[t] = sum[t];
}

HOT void scant_harmonic(
    const scant_harmonic_bank *bank, const float *R x, long frames, long all, float *R scratch,
    float *R y) {
  long harmonics = bank->harmonics;
  float *s = scratch, *tile = scratch + bank->bins * LANES;
  turn(x, frames, bank->bins, s);
  for (long k = 0; k < bank->notes; k++, y += all * harmonics) {
    for (long h = 0; h < harmonics; h++)
      filtered(bank, bank->weights, h * bank->notes + k, s, tile + h * LANES);
    for (long t = 0; t < frames; t++)
      for (long h = 0; h < harmonics; h++) y[t * harmonics + h] = tile[h * LANES + t];
  }
}

// A note's gradients [frames, harmonics] -> [harmonics, 16].
INLINE void turn_gradients(const float *R dy, long frames, long harmonics, float *R tile) {
  for (long t = 0; t < frames; t++)
    for (long h = 0; h < harmonics; h++) tile[h * LANES + t] = dy[t * harmonics + h];
}

HOT double scant_harmonic_back_q(
    const scant_harmonic_bank *bank, const float *R x, const float *R dy, long frames, long all,
    float *R scratch) {
  long harmonics = bank->harmonics;
  float *s = scratch, *tile = scratch + bank->bins * LANES;
  double sum = 0;
  turn(x, frames, bank->bins, s);
  memset(tile, 0, (size_t)(harmonics * LANES) * sizeof(float));
  for (long k = 0; k < bank->notes; k++, dy += all * harmonics) {
    float lane[LANES] = {0}, y[LANES];
    turn_gradients(dy, frames, harmonics, tile);
    for (long h = 0; h < harmonics; h++) {
      filtered(bank, bank->gradients, h * bank->notes + k, s, y);
      for (int t = 0; t < LANES; t++) lane[t] += y[t] * tile[h * LANES + t];
    }
    for (int t = 0; t < LANES; t++) sum += lane[t];
  }
  return sum;
}

HOT void scant_harmonic_back(
    const scant_harmonic_bank *bank, const float *R dy, long frames, long all, float *R scratch,
    float *R dx) {
  long harmonics = bank->harmonics, bins = bank->bins;
  float *s = scratch, *tile = scratch + bins * LANES;
  memset(scratch, 0, (size_t)((bins + harmonics) * LANES) * sizeof(float));
  for (long k = 0; k < bank->notes; k++, dy += all * harmonics) {
    turn_gradients(dy, frames, harmonics, tile);
    for (long h = 0; h < harmonics; h++) {
      long f = h * bank->notes + k;
      const float *w = bank->weights + bank->offsets[f];
      float *to = s + bank->starts[f] * LANES;
      for (long j = 0; j < bank->counts[f]; j++)
        for (int t = 0; t < LANES; t++) to[j * LANES + t] += w[j] * tile[h * LANES + t];
    }
  }
  for (long t = 0; t < frames; t++)
    for (long j = 0; j < bins; j++) dx[t * bins + j] = s[j * LANES + t];
}
