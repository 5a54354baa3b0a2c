// A model that came as ONNX bytes, in a session of ONNX Runtime in Node.
import { createOnnxModel, type OnnxModel } from '../model/onnx-model.js';
import { readModelHeader } from '../model/read-model-header.js';
import { openSession, type SessionOptions } from '../session/open-session.js';

export interface OpenOnnxModelOptions extends SessionOptions {
  /** What errors call the model, such as its file. @default 'ONNX model' */
  readonly name?: string;
}

/**
 * Opens a session on the bytes of an ONNX model, which are copied. TensorFlow.js is not loaded.
 * @throws FileError for bytes that are no ONNX model; EngineError if no provider starts, naming why of each;
 * UnsupportedError if ONNX Runtime is not there.
 */
export async function openOnnxModel(bytes: Uint8Array, options: OpenOnnxModelOptions = {}): Promise<OnnxModel> {
  const { name = 'ONNX model' } = options;
  const header = readModelHeader(bytes, name);
  const { thread, provider } = await openSession({ program: name, model: bytes.slice(), inputs: [] }, options);
  return createOnnxModel(name, header, {
    provider,
    run: (feeds) => thread.runArrays(feeds),
    close: () => thread.close(),
  });
}
