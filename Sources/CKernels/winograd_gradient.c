// The gradient of Winograd's 3×3 convolution with respect to its weights, on the frequencies too:
// dU = Σ over tiles of (Bᵀ x B)ᵀ (A dy Aᵀ), then dw = Gᵀ dU G.
#include "CKernels.h"
#include "winograd_tiles.h"

enum {
  ROUND_BYTES = 6 << 20,  // frequencies of a round: they stay in the cache all cores share
  LEAST_ROUND = 64,       // tiles of a round, however many channels
  PART_TILES = 8,         // tiles that a part of phase 0 transforms
  RUN = 128,              // tiles that are summed in registers before they join dU
  ROWS = 8,               // channels of x in a micro kernel
};

typedef struct {
  long tiles, rounds;
  tile_strides v, z, u;
  long size_v, size_z, size_u, size_zeros;
} gradient_plan;

INLINE gradient_plan plan_gradient(const scant_winograd *s) {
  gradient_plan p;
  long all = tile_count(s), f = frequencies(s), c = panels(s->inputs), d = panels(s->outputs);
  long fit = ROUND_BYTES / (f * (c + d) * LANES16 * (long)sizeof(float));
  fit = most(fit / PART_TILES * PART_TILES, LEAST_ROUND);
  p.rounds = quotient_up(all, fit);
  p.tiles = least(all, fit);
  p.v = strides_for(p.tiles, s->inputs);
  p.z = strides_for(p.tiles, s->outputs);
  long panel = c * LANES16 * LANES16;  // dU is [side², panels of outputs, inputs padded, 16]
  p.u = (tile_strides){panel, d * panel + LANES16};
  p.size_v = f * p.v.frequency;
  p.size_z = f * p.z.frequency;
  p.size_u = f * p.u.frequency;
  p.size_zeros = most(c, d) * LANES16;
  return p;
}

long scant_winograd_gradient_rounds(const scant_winograd *s) { return plan_gradient(s).rounds; }

long scant_winograd_gradient_scratch(const scant_winograd *s) {
  gradient_plan p = plan_gradient(s);
  return p.size_u + p.size_v + p.size_z + p.size_zeros * quotient_up(p.tiles, PART_TILES);
}

long scant_winograd_gradient_parts(const scant_winograd *s, int phase) {
  return phase == 0 ? quotient_up(plan_gradient(s).tiles, PART_TILES) : frequencies(s);
}

// ---- Phase 0: tiles to frequencies

INLINE void lift_pair(
    const scant_winograd *s, int m, const tile_source *x, const tile_source *dy, long first,
    long n, float *v, tile_strides sv, float *z, tile_strides sz) {
  for (long t = 0; t < n; t++) {
    lift_input(s, m, x, first + t, v + t * LANES16, sv);
    lift_gradient(s, m, dy, first + t, z + t * LANES16, sz);
  }
}

HOT static void lift_part(
    const scant_winograd *s, const gradient_plan *p, const float *x, const float *dy, float *v,
    float *z, float *zeros, long round, long part) {
  long start = part * PART_TILES, first = round * p->tiles + start;
  long n = least(PART_TILES, least(p->tiles - start, tile_count(s) - first));
  memset(zeros, 0, (size_t)p->size_zeros * sizeof(float));
  tile_source from_x = {x, s->inputs, zeros}, from_dy = {dy, s->outputs, zeros};
  v += start * LANES16, z += start * LANES16;
  if (s->tile == 4) lift_pair(s, 4, &from_x, &from_dy, first, n, v, p->v, z, p->z);
  else lift_pair(s, 2, &from_x, &from_dy, first, n, v, p->v, z, p->z);
}

// ---- Phase 1: products

// u[r, 16·width] (+)= Σ over n tiles of v[t, r] · z[t, 16·width].
INLINE void multiply_tiles(
    int rows, int width, const float *v, const float *z, long sz, long n, int add, float *u,
    long su) {
  v16 sum[ROWS][2];
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int j = 0; j < width; j++) sum[r][j] = SPLAT(0);
  for (long t = 0; t < n; t++, v += LANES16, z += LANES16) {
    v16 gradient[2];
    UNROLL for (int j = 0; j < width; j++) gradient[j] = AT16(z + j * sz);
    UNROLL for (int r = 0; r < rows; r++) {
      v16 value = SPLAT(v[r]);
      UNROLL for (int j = 0; j < width; j++) sum[r][j] += value * gradient[j];
    }
  }
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int j = 0; j < width; j++) {
      float *to = u + r * LANES16 + j * su;
      AT16(to) = add ? AT16(to) + sum[r][j] : sum[r][j];
    }
}

// A run of n tiles for all inputs and `width` panels of outputs.
INLINE void multiply_run(
    int rows, int width, const gradient_plan *p, long inputs, const float *v, const float *z, long n,
    int add, float *u) {
  for (long c = 0; c < inputs; c += rows)
    multiply_tiles(
        rows, width, v + c / LANES16 * p->v.panel + c % LANES16, z, p->z.panel, n, add,
        u + c * LANES16, p->u.panel);
}

HOT static void multiply_part(
    const scant_winograd *s, const gradient_plan *p, const float *v, const float *z, float *u,
    long round) {
  int wide = has_wide_registers();
  long tiles = least(p->tiles, tile_count(s) - round * p->tiles), c = s->inputs;
  for (long t = 0; t < tiles; t += RUN) {
    long n = least(RUN, tiles - t), d = panels(s->outputs);
    int add = round > 0 || t > 0;
    const float *values = v + t * LANES16;
    for (long j = 0; j < d; ) {
      const float *gradients = z + j * p->z.panel + t * LANES16;
      float *to = u + j * p->u.panel;
      if (!wide) multiply_run(4, 1, p, c, values, gradients, n, add, to), j++;
      else if (j + 1 < d) multiply_run(ROWS, 2, p, c, values, gradients, n, add, to), j += 2;
      else multiply_run(ROWS, 1, p, c, values, gradients, n, add, to), j++;
    }
  }
}

void scant_winograd_gradient(
    const scant_winograd *s, const float *x, const float *dy, float *scratch, long round,
    int phase, long part) {
  gradient_plan p = plan_gradient(s);
  float *u = scratch, *v = u + p.size_u, *z = v + p.size_v, *zeros = z + p.size_z;
  if (phase == 0)
    lift_part(s, &p, x, dy, v, z, zeros + part * p.size_zeros, round, part);
  else
    multiply_part(
        s, &p, v + part * p.v.frequency, z + part * p.z.frequency, u + part * p.u.frequency,
        round);
}

// ---- Frequencies to weights

long scant_winograd_gradient_finish_parts(const scant_winograd *s) { return panels(s->outputs); }

INLINE void lower_weights(int m, const float *u, long stride, v16 *g) {
  v16 half[3][MAX_SIDE];
  UNROLL for (int q = 0; q < m + 2; q++) {
    v16 in[MAX_SIDE], out[3];
    UNROLL for (int r = 0; r < m + 2; r++) in[r] = AT16(u + (r * (m + 2) + q) * stride);
    return_weights(m, in, out);
    UNROLL for (int k = 0; k < 3; k++) half[k][q] = out[k];
  }
  UNROLL for (int k = 0; k < 3; k++) return_weights(m, half[k], g + 3 * k);
}

HOT void scant_winograd_gradient_finish(
    const scant_winograd *s, const float *scratch, float *dw, long part) {
  gradient_plan p = plan_gradient(s);
  long first = part * LANES16, n = least(LANES16, s->outputs - first);
  for (long c = 0; c < s->inputs; c++) {
    const float *u = scratch + part * p.u.panel + c * LANES16;
    v16 g[9];
    if (s->tile == 4) lower_weights(4, u, p.u.frequency, g);
    else lower_weights(2, u, p.u.frequency, g);
    for (int k = 0; k < 9; k++) {
      float lane[LANES16];
      AT16(lane) = g[k];
      for (long d = 0; d < n; d++) dw[((first + d) * s->inputs + c) * 9 + k] = lane[d];
    }
  }
}
