// pooling.c — one image; index is the position of the maximum in the input plane
#ifndef SCANT_POOLING_H
#define SCANT_POOLING_H

#include "window.h"
#include <stdint.h>

void scant_max_pool(const scant_window *w, const float *x, float *y, int32_t *index, long oy);
void scant_max_pool_back(const scant_window *w, const int32_t *index, const float *dy, float *dx);

#endif
