// One step of gradient descent with momentum, in PyTorch's conventions.
#include "CKernels.h"
#include "hot.h"

HOT void scant_sgd(
    const scant_sgd_settings *s, const float *R p, const float *R g, float *R m, float *R p_new,
    long n) {
  float rate = s->rate, momentum = s->momentum, decay = s->decay;
  int nesterov = s->nesterov != 0;
  for (long i = 0; i < n; i++) {
    float gradient = g[i] + decay * p[i];
    float velocity = momentum * m[i] + gradient;
    m[i] = velocity;
    // A branch, not a factor of 0: 0 times an infinite gradient is NaN.
    p_new[i] = p[i] - rate * (nesterov ? gradient + momentum * velocity : velocity);
  }
}
