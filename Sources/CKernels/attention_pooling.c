// Attention pooling: the weights of each frame lie beside its decisions.
#include "CKernels.h"
#include "hot.h"

enum { RUN = 32 };  // classes at a time

static const float LEAST = 1e-7f, MOST = 1 - 1e-7f;

INLINE float weight(float s) {
  s = s < LEAST ? LEAST : s;
  return s > MOST ? MOST : s;
}

// Of `n` <= RUN classes of one clip: the weighed decisions to y, the sums of weights to total;
// where wanted.
INLINE void pool(const float *R s, long frames, long classes, long n, float *R y, float *R total) {
  float sum[RUN] = {0}, weights[RUN] = {0};
  for (long t = 0; t < frames; t++, s += 2 * classes)
    for (long k = 0; k < n; k++) {
      float w = weight(s[k]);
      weights[k] += w;
      sum[k] += w * s[classes + k];
    }
  for (long k = 0; k < n; k++) {
    float share = sum[k] / weights[k];
    if (y) y[k] = share > 1 ? 1 : share;  // no number stays none
    if (total) total[k] = weights[k];
  }
}

HOT void scant_attention_pool(const float *R s, long clips, long frames, long classes, float *R y) {
  for (long b = 0; b < clips; b++, s += frames * 2 * classes, y += classes)
    for (long k = 0; k < classes; k += RUN)
      pool(s + k, frames, classes, classes - k < RUN ? classes - k : RUN, y + k, 0);
}

// With S = Σ w: dy/dw = (d - y) / S, dy/dd = w / S; a sigmoid's gradient is s·(1 - s). A weight at
// its limit stays there.
INLINE void back(
    const float *R s, const float *R y, const float *R dy, long frames, long classes, long n,
    float *R dx) {
  float total[RUN];
  pool(s, frames, classes, n, 0, total);
  for (long k = 0; k < n; k++) total[k] = dy[k] / total[k];
  for (long t = 0; t < frames; t++, s += 2 * classes, dx += 2 * classes)
    for (long k = 0; k < n; k++) {
      float w = s[k], d = s[classes + k], gradient = (d - y[k]) * w * (1 - w);
      dx[k] = ((w >= LEAST) & (w <= MOST)) ? total[k] * gradient : 0;
      dx[classes + k] = total[k] * weight(w) * d * (1 - d);
    }
}

HOT void scant_attention_pool_back(
    const float *R s, const float *R y, const float *R dy, long clips, long frames, long classes,
    float *R dx) {
  long size = frames * 2 * classes;
  for (long b = 0; b < clips; b++, s += size, dx += size, y += classes, dy += classes)
    for (long k = 0; k < classes; k += RUN)
      back(s + k, y + k, dy + k, frames, classes, classes - k < RUN ? classes - k : RUN, dx + k);
}
