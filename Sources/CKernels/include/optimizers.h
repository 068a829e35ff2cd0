// adam.c, sgd.c — one update of a parameter p [n] by its gradient g into p_new; the moments m and v
// are changed in place.
#ifndef SCANT_OPTIMIZERS_H
#define SCANT_OPTIMIZERS_H

typedef struct {
  float beta1, beta2, epsilon, step, root_correction, coupled_decay, kept;
} scant_adam_settings;
void scant_adam(
    const scant_adam_settings *s, const float *p, const float *g, float *m, float *v,
    float *p_new, long n);

typedef struct {
  float rate, momentum, decay;
  int nesterov;
} scant_sgd_settings;
void scant_sgd(
    const scant_sgd_settings *s, const float *p, const float *g, float *m, float *p_new, long n);

#endif
