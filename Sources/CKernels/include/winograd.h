// 3×3 convolution, stride 1, padding 1, with fewer multiplications: minimal filtering F(4×4, 3×3)
// or F(2×2, 3×3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
//
// Tile 4 needs a quarter of the multiplications of direct convolution and has about three times the
// rounding error. Tile 2 needs 4/9 and has the same error. For images of one or two rows or columns
// tile 2 is also faster. For few channels see direct.h.
#ifndef SCANT_WINOGRAD_H
#define SCANT_WINOGRAD_H

/// x is [images, height, width, inputs], y is [images, height, width, outputs]; `tile` is the side
/// of a tile of y, 4 or 2. Any sizes of at least 1 work; multiples of 16 channels are fastest.
/// Arrays whose size a function below gives should start at a multiple of 64 bytes.
///
/// The gradient with respect to the input is the forward pass of the convolution with `inputs` and
/// `outputs` exchanged, over weights that were transformed with `transposed` set.
typedef struct {
  long images, height, width, inputs, outputs;
  long tile;
} scant_winograd;

/// Floats of the transformed weights, and the independent parts in which they are made.
long scant_winograd_weight_size(const scant_winograd *s);
long scant_winograd_weight_parts(const scant_winograd *s);
/// w is [outputs, inputs, 3, 3]; with `transposed` it is [inputs, outputs, 3, 3] and is turned by
/// half a turn.
void scant_winograd_weights(
    const scant_winograd *s, const float *w, int transposed, float *u, long part);

/// Independent blocks of the forward pass (they depend on sizes alone), and the floats of scratch
/// that one block at a time needs.
long scant_winograd_blocks(const scant_winograd *s);
long scant_winograd_scratch(const scant_winograd *s);
/// bias [outputs] or NULL. sums [2, outputs] or NULL: Σ y and Σ y² over this block per channel;
/// blocks that own only some of the channels write zeros for the others.
void scant_winograd_forward(
    const scant_winograd *s, const float *x, const float *u, const float *bias, float *y,
    double *sums, float *scratch, long block);

/// The gradient with respect to the weights: for each round, all parts of phase 0, then all parts
/// of phase 1; at the end all finish parts. The scratch is shared by all of them.
long scant_winograd_gradient_rounds(const scant_winograd *s);
long scant_winograd_gradient_scratch(const scant_winograd *s);
long scant_winograd_gradient_parts(const scant_winograd *s, int phase);
void scant_winograd_gradient(
    const scant_winograd *s, const float *x, const float *dy, float *scratch, long round,
    int phase, long part);
long scant_winograd_gradient_finish_parts(const scant_winograd *s);
/// dw is [outputs, inputs, 3, 3] and is overwritten.
void scant_winograd_gradient_finish(
    const scant_winograd *s, const float *scratch, float *dw, long part);

#endif
