// The layers a HoVer-Net is made of, as descriptions, and what one must be able to do to run them.

/** A 2-D convolution. Its tensors are `${name}.weight` and, with a bias, `${name}.bias`. */
export interface ConvolutionLayer {
  readonly kind: 'convolution';
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Odd. */
  readonly kernelSize: number;
  readonly groups: number;
  /** 2 halves an even size; which rows it looks at, and whether one too many, depends on the configuration's `reference`. */
  readonly stride: 1 | 2;
  readonly padding: 'same' | 'valid';
  readonly bias: boolean;
}

/**
 * A transposed convolution that doubles height and width: 2×2, stride 2, each input pixel gives four output pixels. Its tensors
 * are `${name}.weight`, `[in, out, 2, 2]` as in PyTorch's ConvTranspose2d, and `${name}.bias`.
 */
export interface UpconvolutionLayer {
  readonly kind: 'upconvolution';
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
}

/** A batch normalisation, always followed by a ReLU. Its tensors are `${name}.weight`, `.bias` and three buffers. */
export interface NormalizationLayer {
  readonly kind: 'normalization';
  readonly name: string;
  readonly channels: number;
}

/** Channel dropout at the end of a residual unit. It has no tensors. */
export interface DropoutLayer {
  readonly kind: 'dropout';
  readonly name: string;
  readonly channels: number;
}

export type Layer = ConvolutionLayer | UpconvolutionLayer | NormalizationLayer | DropoutLayer;

/** What a convolution needs beside its name; the rest is a 1×1, stride 1, ungrouped, unbiased one. */
export type ConvolutionOptions = Pick<ConvolutionLayer, 'inChannels' | 'outChannels'> &
  Partial<Pick<ConvolutionLayer, 'kernelSize' | 'groups' | 'stride' | 'padding' | 'bias'>>;

/** Collects layers in the order of their declaration, which is the order of the state dict. */
export class LayerRegistry {
  readonly layers: Layer[] = [];

  convolution(name: string, options: ConvolutionOptions): ConvolutionLayer {
    const defaults = { kernelSize: 1, groups: 1, stride: 1, padding: 'same', bias: false } as const;
    const layer: ConvolutionLayer = { kind: 'convolution', name, ...defaults, ...options };
    this.layers.push(layer);
    return layer;
  }

  upconvolution(
    name: string,
    channels: { readonly inChannels: number; readonly outChannels: number },
  ): UpconvolutionLayer {
    const layer: UpconvolutionLayer = { kind: 'upconvolution', name, ...channels };
    this.layers.push(layer);
    return layer;
  }

  normalization(name: string, channels: number): NormalizationLayer {
    const layer: NormalizationLayer = { kind: 'normalization', name, channels };
    this.layers.push(layer);
    return layer;
  }

  dropout(name: string, channels: number): DropoutLayer {
    const layer: DropoutLayer = { kind: 'dropout', name, channels };
    this.layers.push(layer);
    return layer;
  }
}

/**
 * One way to run the network. `Value` is what flows between layers: a tensor (`tensor-operations.ts`) or just its
 * size (`shape-operations.ts`).
 */
export interface LayerOperations<Value> {
  convolve(layer: ConvolutionLayer, input: Value): Value;
  convolveUp(layer: UpconvolutionLayer, input: Value): Value;
  /** Batch normalisation, then ReLU. */
  normalizeActivate(layer: NormalizationLayer, input: Value): Value;
  /** Scales whole channels while training, by 0 or 1 / (1 − probability); does nothing otherwise. */
  drop(layer: DropoutLayer, input: Value): Value;
  add(first: Value, second: Value): Value;
  /** Joins channels. */
  concatenate(first: Value, second: Value): Value;
  /** Cuts the end of rows and columns, where strided convolutions of `source` gave more than half of its size. */
  trimToHalf(input: Value, source: Value): Value;
  /** Cuts the centre of `input`, as high and wide as `reference`. */
  cropLike(input: Value, reference: Value): Value;
  /** Doubles height and width. */
  upsample(input: Value): Value;
  /** Runs `build`; what it made beside its result may be freed afterwards. */
  scope(build: () => Value): Value;
  /** Is told the result of every stage, in the order in which they are computed. */
  observe(stage: string, value: Value): void;
}
