// Where the files of this package are; bundlers that know `new URL(…, import.meta.url)` copy them beside the page.

/** The weights as safetensors, filters in float16; `loadPretrained` of `@hovernet/model` takes the address. */
export const weightsUrl: URL = new URL('../model.safetensors', import.meta.url);

/**
 * The network as an ONNX model of float16: `image` `[batch, 3, 256, 256]` float32, RGB, 0…1, to `np`, `hv` and `nc`,
 * `[batch, channels, 256, 256]` logits.
 */
export const onnxUrl: URL = new URL('../model.onnx', import.meta.url);
