// How a kernel slides over the planes of an image, for convolution and pooling.
#ifndef SCANT_WINDOW_H
#define SCANT_WINDOW_H

typedef struct {
  long channels, height, width;      // of the input
  long kernel_height, kernel_width;
  long stride_y, stride_x, padding_y, padding_x;
  long out_height, out_width;
} scant_window;

#endif
