// The kernels that this package adds to TensorFlow.js: names, inputs and attributes, for engines that lower them natively.

export const GroupedConv2D = 'GroupedConv2D';
export const GroupedConv2DBackpropInput = 'GroupedConv2DBackpropInput';
export const GroupedConv2DBackpropFilter = 'GroupedConv2DBackpropFilter';
export const BatchNormTraining = 'BatchNormTraining';
export const BatchNormTrainingGrad = 'BatchNormTrainingGrad';

/** `[before, after]` of each NHWC axis; batch and channels must be `[0, 0]`. */
export type ExplicitPadding = [[number, number], [number, number], [number, number], [number, number]];

/** Padding of a convolution: as TensorFlow's `SAME` and `VALID`, or explicit numbers of zeros. */
export type ConvPadding = 'same' | 'valid' | ExplicitPadding;

/** Inputs `x [N, H, W, C]`, `filter [kh, kw, C/groups, O]`; output `[N, H', W', O]`. */
export interface GroupedConv2DAttrs {
  strides: [number, number];
  pad: ConvPadding;
  groups: number;
}

/** Inputs `dy [N, H', W', O]`, `filter`; output of shape `inputShape`. */
export interface GroupedConv2DBackpropInputAttrs extends GroupedConv2DAttrs {
  inputShape: [number, number, number, number];
}

/** Inputs `x`, `dy`; output of shape `filterShape`. */
export interface GroupedConv2DBackpropFilterAttrs extends GroupedConv2DAttrs {
  filterShape: [number, number, number, number];
}

/**
 * BatchNormTraining: inputs `x [N, H, W, C]`, `gamma [C]`, `beta [C]`; outputs `y`, `mean [C]`, `variance [C]` (biased).
 * BatchNormTrainingGrad: inputs `x`, `dy`, `gamma`, `mean`, `variance`; outputs `dx`, `dgamma`, `dbeta`.
 */
export interface BatchNormTrainingAttrs {
  epsilon: number;
}
