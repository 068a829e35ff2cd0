// One step of gradient descent with momentum, in PyTorch's conventions.
#include "CKernels.h"
#include "hot.h"

HOT void scant_sgd(
    const scant_sgd_settings *s, const float *R p, const float *R g, float *R m, float *R p_new,
    long n) {
  float rate = s->rate, momentum = s->momentum, decay = s->decay;
  float ahead = s->nesterov ? momentum : 1, direct = s->nesterov ? 1 : 0;
  for (long i = 0; i < n; i++) {
    float slope = g[i] + decay * p[i];
    float velocity = momentum * m[i] + slope;
    m[i] = velocity;
    p_new[i] = p[i] - rate * (direct * slope + ahead * velocity);
  }
}
