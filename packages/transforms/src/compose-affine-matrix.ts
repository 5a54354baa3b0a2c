// The random affine map of training as one matrix: A = R·H·T·S on centred (row, column) coordinates.
import { ArgumentError } from '@hovernet/core';

/** Rotation, shear, translation and scale, each pair (rows, columns). */
export interface AffineParameters {
  /** Radians. */
  readonly rotation: number;
  readonly shear: readonly [rows: number, columns: number];
  readonly translatePx: readonly [rows: number, columns: number];
  /** Positive; above 1 shrinks the content, since the matrix maps output to input. */
  readonly scale: readonly [rows: number, columns: number];
}

type Row = readonly [number, number, number];

/** Homogeneous 3×3 matrix, row by row: centred output (row, column, 1) to centred input; the last row is 0 0 1. */
export type AffineMatrix = readonly [Row, Row, Row];

/** The matrix that leaves everything where it is. */
export const identityMatrix: AffineMatrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/**
 * A = R·H·T·S with R = [[cos θ, −sin θ], [sin θ, cos θ]], H = [[1, h₀], [h₁, 1]], T the translation and S = diag(s₀, s₁),
 * as MONAI's RandAffine. The centre of an axis of n pixels is (n − 1)/2.
 *
 * @throws ArgumentError unless all parameters are finite and both scales positive.
 */
export function composeAffineMatrix(parameters: AffineParameters): AffineMatrix {
  const { rotation, shear, translatePx, scale } = parameters;
  const finite = [rotation, ...shear, ...translatePx, ...scale].every(Number.isFinite);
  if (!finite || scale[0] <= 0 || scale[1] <= 0) {
    throw new ArgumentError(
      `composeAffineMatrix: expected finite values and positive scales, got ${JSON.stringify(parameters)}`,
    );
  }
  const [cosine, sine] = [Math.cos(rotation), Math.sin(rotation)];
  // R·H, whose columns T and S only add up and scale.
  const turned = [
    [cosine - sine * shear[1], cosine * shear[0] - sine],
    [sine + cosine * shear[1], sine * shear[0] + cosine],
  ] as const;
  const composeRow = ([rows, columns]: readonly [number, number]): Row => [
    rows * scale[0],
    columns * scale[1],
    rows * translatePx[0] + columns * translatePx[1],
  ];
  return [composeRow(turned[0]), composeRow(turned[1]), [0, 0, 1]];
}

/**
 * The matrix that warps and then mirrors the result along the given axes: a mirror negates a centred coordinate, so it
 * negates a column of the matrix. Exactly the pixels of warping first and mirroring after.
 */
export function mirrorMatrix(
  matrix: AffineMatrix,
  mirror: { readonly rows: boolean; readonly columns: boolean },
): AffineMatrix {
  const rowSign = mirror.rows ? -1 : 1;
  const columnSign = mirror.columns ? -1 : 1;
  const [first, second, last] = matrix;
  return [
    [first[0] * rowSign, first[1] * columnSign, first[2]],
    [second[0] * rowSign, second[1] * columnSign, second[2]],
    last,
  ];
}
