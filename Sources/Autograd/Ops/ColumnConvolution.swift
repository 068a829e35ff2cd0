// Convolution of any kernel, stride and padding by im2col: the window of each output position
// becomes a row [kh·kw·C] of a matrix product.
import CKernels

/// The sizes of a convolution and the split of its output rows. The split depends on the sizes
/// alone, so results do not depend on the number of threads.
/// `@unchecked Sendable`: it holds only numbers that never change.
struct ColumnConvolution: ConvolutionWay, @unchecked Sendable {
  private let window: scant_window
  private let images: Int
  private let filters: Int
  private let stride, padding: Extent
  private let precision: Precision

  init(
    _ input: [Int], _ weight: [Int], stride: Extent, padding: Extent, precision: Precision = .fp32
  ) {
    window = scant_window(
      input, kernel: Extent(weight[2], weight[3]), stride: stride, padding: padding)
    images = input[0]
    filters = weight[0]
    (self.stride, self.padding, self.precision) = (stride, padding, precision)
  }

  private var depth: Int { window.depth }
  private var inputSize: Int { window.area * window.channels }
  private var outputShape: [Int] { [images, window.out_height, window.out_width, filters] }
  /// Output rows of all images.
  private var rows: Int { images * window.out_height }
  /// A 1×1 kernel with stride 1: the input is its own column matrix.
  private var isPlain: Bool {
    depth == window.channels && stride == Extent(1) && padding == Extent(0)
  }
  /// The number of output rows per block; their columns take about half a megabyte.
  private var rowsOfABlock: Int { max(1, 131_072 / max(1, window.out_width * depth)) }

  /// The columns of `count` output rows from `first` on: in `scratch`, or a pointer into the input.
  private func columns(
    _ input: Tensor, _ first: Int, _ count: Int, _ scratch: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    guard !isPlain else { return input.pointer + first * window.out_width * depth }
    var window = window
    for row in 0..<count {
      let (image, y) = (first + row).quotientAndRemainder(dividingBy: window.out_height)
      scant_im2col(
        &window, input.pointer + image * inputSize,
        scratch + row * window.out_width * depth, y)
    }
    return scratch
  }

  /// The number of values in the columns of one block.
  private var scratchSize: Int {
    isPlain ? 0 : min(rows, rowsOfABlock) * window.out_width * depth
  }

  func forward(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
    let result = Tensor(uninitialized: outputShape)
    let kernel = weight.detached.transpose([0, 2, 3, 1])  // [D, kh, kw, C]
    parallelParts(rows, grain: rowsOfABlock) { first, count in
      let output = result.pointer + first * window.out_width * filters
      Storage.scratch(scratchSize) {
        multiply(
          count * window.out_width, filters, depth,
          MatrixView(pointer: columns(input, first, count, $0), row: depth),
          MatrixView(kernel, width: depth).transposed, into: output)
      }
      if let bias { scant_add_bias(output, bias.pointer, count * window.out_width, filters) }
    }
    return result
  }

  /// d(loss)/d(input): with stride 1 a convolution itself, otherwise col2im.
  func inputGradient(_ gradient: Tensor, _ weight: Tensor) -> Tensor {
    let kernel = Extent(window.kernel_height, window.kernel_width)
    if stride == Extent(1), padding.height < kernel.height, padding.width < kernel.width {
      let turned = weight.rotatedKernel()
      let rest = Extent(kernel.height - 1 - padding.height, kernel.width - 1 - padding.width)
      return ColumnConvolution(
        gradient.shape, turned.shape, stride: stride, padding: rest, precision: precision
      ).forward(gradient, turned, nil)
    }
    let result = Tensor(uninitialized: [images, window.height, window.width, window.channels])
    let turned = weight.detached.transpose([0, 2, 3, 1])  // [D, kh, kw, C]
    ThreadPool.shared.parallel(images) { addColumns(of: $0, gradient, turned, to: result) }
    return result
  }

  private func addColumns(of image: Int, _ gradient: Tensor, _ kernel: Tensor, to result: Tensor) {
    var window = window
    let target = result.pointer + image * inputSize
    target.update(repeating: 0, count: inputSize)
    Storage.scratch(window.out_width * depth) { columns in
      for y in 0..<window.out_height {
        let row = (image * window.out_height + y) * window.out_width * filters
        multiply(
          window.out_width, depth, filters,
          MatrixView(pointer: gradient.pointer + row, row: filters),
          MatrixView(kernel, width: depth), into: columns)
        scant_col2im(&window, columns, target, y)
      }
    }
  }

  /// d(loss)/d(weight). Each slot sums its output rows; then the slots are summed in order.
  func weightGradient(_ gradient: Tensor, _ input: Tensor) -> Tensor {
    let shape = [filters, window.kernel_height, window.kernel_width, window.channels]
    let blocks = (rows + rowsOfABlock - 1) / rowsOfABlock
    let slots = min(8, blocks)
    guard slots > 0 else { return Tensor.zeros(shape).transpose([0, 3, 1, 2]) }
    let result = Tensor(uninitialized: shape)
    Storage.scratch(slots * filters * depth) { parts in
      // Safe: each slot writes only its own part.
      nonisolated(unsafe) let parts = parts
      ThreadPool.shared.parallel(slots) { slot in
        addGradients(
          gradient, input, slot * blocks / slots..<(slot + 1) * blocks / slots,
          to: parts + slot * filters * depth)
      }
      scant_sum_rows(parts, slots, filters * depth, result.pointer)
    }
    return result.transpose([0, 3, 1, 2])
  }

  /// Sums gradientᵀ·columns over some blocks.
  private func addGradients(
    _ gradient: Tensor, _ input: Tensor, _ blocks: Range<Int>, to sum: UnsafeMutablePointer<Float>
  ) {
    Storage.scratch(scratchSize) { scratch in
      for block in blocks {
        let first = block * rowsOfABlock
        let count = min(rowsOfABlock, rows - first)
        let down = gradient.pointer + first * window.out_width * filters
        multiply(
          filters, depth, count * window.out_width,
          MatrixView(pointer: down, row: filters).transposed,
          MatrixView(pointer: columns(input, first, count, scratch), row: depth), into: sum,
          adds: block > blocks.lowerBound)
      }
    }
  }

  /// c [m, n] = a·b, or c + a·b if `adds`, on one thread.
  private func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: MatrixView, _ b: MatrixView,
    into c: UnsafeMutablePointer<Float>, adds: Bool = false
  ) {
    guard precision == .fp32 || !precision.isSupported else {
      return MatrixProduct(m, n, k, a, b, into: c, width: n, adds: adds, precision: precision).run()
    }
    // A single row or column may have any stride; BLAS requires one at least as long as the row.
    let (isATurned, isBTurned) = (a.step != 1, b.step != 1)
    let aStride = max(isATurned ? a.step : a.row, isATurned ? m : k)
    let bStride = max(isBTurned ? b.step : b.row, isBTurned ? k : n)
    BLAS.multiply(
      m, n, k, a.pointer, aStride, transposeA: isATurned, b.pointer, bStride,
      transposeB: isBTurned, into: c, n, beta: adds ? 1 : 0)
  }
}
