// One step of gradient descent with momentum, in PyTorch's conventions.
#include "CKernels.h"
#include "hot.h"

HOT void scant_sgd(
    const scant_sgd_settings *s, const float *R p, const float *R g, float *R m, float *R p_new,
    long n) {
  float rate = s->rate, momentum = s->momentum, decay = s->decay;
  int nesterov = s->nesterov != 0;
  for (long i = 0; i < n; i++) {
    float slope = g[i] + decay * p[i];
    float velocity = momentum * m[i] + slope;
    m[i] = velocity;
    // Not a sum with a factor of 0 in it: 0 times an infinite slope is no number.
    p_new[i] = p[i] - rate * (nesterov ? slope + momentum * velocity : velocity);
  }
}
