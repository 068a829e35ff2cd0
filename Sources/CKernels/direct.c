// Direct 3×3 convolution for few channels: the split into parts, and the algorithm of each pass.
#include "CKernels.h"
#include "direct_parts.h"

enum {
  PART_FLOATS = 1 << 17,  // of the larger of a part's input and output, to stay in the cache
  LEAST_ROWS = 8,         // a part reads two rows more than it owns
  MOST_ROWS = 64,
  LANES_FROM = 12,        // outputs that fill a vector well enough
  STREAM_FROM = 4 << 20,  // floats of y that no cache will keep until they are read
};

static long rows_of_part(const scant_direct *s) {
  long fit = PART_FLOATS / (s->width * most(s->inputs, s->outputs));
  fit = least(most(fit, LEAST_ROWS), least(MOST_ROWS, s->height));
  return quotient_up(s->height, quotient_up(s->height, fit));
}

static direct_part part_of(const scant_direct *s, long inputs, long outputs, long part) {
  long rows = rows_of_part(s), bands = quotient_up(s->height, rows);
  long first = part % bands * rows;
  return (direct_part){s->height, s->width, inputs, outputs,
                       part / bands, first, least(rows, s->height - first)};
}

long scant_direct_parts(const scant_direct *s) {
  return s->images * quotient_up(s->height, rows_of_part(s));
}

static int lanes_forward(const direct_part *p) { return p->outputs >= LANES_FROM; }
// Gradients are read in whole vectors.
static int lanes_gradient(const direct_part *p) { return p->outputs % LANES16 == 0; }

static long scratch_for(const direct_part *p) {
  long lanes = lanes_forward(p) ? scant_direct_lanes_scratch(p) : 0;
  return lanes_gradient(p) ? lanes : most(lanes, scant_direct_planes_scratch(p));
}

long scant_direct_scratch(const scant_direct *s) {
  direct_part there = part_of(s, s->inputs, s->outputs, 0);
  direct_part back = part_of(s, s->outputs, s->inputs, 0);
  return most(scratch_for(&there), scratch_for(&back));
}

static void convolve(
    const scant_direct *s, const direct_part *p, const float *x, const direct_weights *w,
    const float *bias, float *y, double *sums, float *scratch) {
  int stream = s->images * s->height * s->width * p->outputs >= STREAM_FROM
               && p->outputs % LANES16 == 0 && (uintptr_t)y % 64 == 0;
  if (lanes_forward(p))
    scant_direct_lanes_forward(p, x, w, bias, y, stream, sums, scratch);
  else
    scant_direct_planes_forward(p, x, w, bias, y, sums, scratch);
}

void scant_direct_forward(
    const scant_direct *s, const float *x, const float *w, const float *bias, float *y,
    double *sums, float *scratch, long part) {
  direct_part p = part_of(s, s->inputs, s->outputs, part);
  direct_weights weights = {w, 0};
  convolve(s, &p, x, &weights, bias, y, sums, scratch);
}

void scant_direct_input_gradient(
    const scant_direct *s, const float *dy, const float *w, float *dx, float *scratch, long part) {
  direct_part p = part_of(s, s->outputs, s->inputs, part);
  direct_weights weights = {w, 1};
  convolve(s, &p, dy, &weights, 0, dx, 0, scratch);
}

void scant_direct_weight_gradient(
    const scant_direct *s, const float *x, const float *dy, double *dw_part, float *scratch,
    long part) {
  direct_part p = part_of(s, s->inputs, s->outputs, part);
  if (lanes_gradient(&p)) scant_direct_lanes_gradient(&p, x, dy, dw_part, scratch);
  else scant_direct_planes_gradient(&p, x, dy, dw_part, scratch);
}
