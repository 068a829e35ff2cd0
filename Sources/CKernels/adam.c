// One Adam update. Kingma & Ba 2015, arXiv:1412.6980, algorithm 1; decay as in PyTorch.
#include "CKernels.h"
#include "hot.h"
#include <math.h>

HOT void scant_adam(
    const scant_adam_settings *s, const float *R p, const float *R g, float *R m, float *R v,
    float *R p_new, long n) {
  float b1 = s->beta1, b2 = s->beta2, epsilon = s->epsilon, step = s->step;
  float root = s->root_correction, decay = s->coupled_decay, kept = s->kept;
  for (long i = 0; i < n; i++) {
    float gradient = g[i] + decay * p[i];
    float mean = b1 * m[i] + (1 - b1) * gradient;
    float square = b2 * v[i] + (1 - b2) * gradient * gradient;
    m[i] = mean;
    v[i] = square;
    p_new[i] = kept * p[i] - step * mean / (__builtin_elementwise_sqrt(square) * root + epsilon);
  }
}
