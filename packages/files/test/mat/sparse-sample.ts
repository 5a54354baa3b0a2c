import type { MatSparse } from '../../src/node.js';

/** [0 0 5; 7 0 0]. */
export const sparse: MatSparse = {
  dtype: 'sparse',
  shape: [2, 3],
  data: {
    values: { dtype: 'float64', shape: [2], data: Float64Array.of(7, 5) },
    rows: Int32Array.of(1, 0),
    starts: Int32Array.of(0, 1, 1, 2),
  },
};
