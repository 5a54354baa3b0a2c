// Where the files of this package are; bundlers that know `new URL(…, import.meta.url)` copy them beside the page.

/** The weights as safetensors, filters in float16; `loadWeights` of `@hovernet/model` takes the address. */
export const weightsUrl: URL = new URL('../model.safetensors', import.meta.url);

/**
 * The network as an ONNX model: `image` `[batch, 3, height, width]` float32, RGB, 0…1, sides multiples of 16, to `np`, `hv`
 * and `nc`, `[batch, channels, height, width]` logits. Its metadata says network, classes, resolution and licence.
 */
export const onnxUrl: URL = new URL('../model.onnx', import.meta.url);
