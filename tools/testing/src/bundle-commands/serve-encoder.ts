// A server of encoder weights, for `--network_def#pretrained_url`.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeSafetensorsFile, readFloats, readSafetensors, type WeightTensor } from './read-files.js';

export interface EncoderServer {
  readonly url: string;
  /** What was sent, by name; empty before the first request. */
  readonly sent: ReadonlyMap<string, WeightTensor>;
  readonly close: () => Promise<void>;
}

/**
 * Serves the encoder of the checkpoint that is at `path` when it is asked for, on this machine alone. Its filters are halved,
 * so that they are told from those that the same seed draws.
 */
export async function serveEncoder(path: string): Promise<EncoderServer> {
  const sent = new Map<string, WeightTensor>();
  const server = createServer((_request, response) => {
    for (const [name, tensor] of readSafetensors(path).tensors) {
      if (/^(conv0|res_blocks)\./.test(name)) sent.set(name, halve(tensor));
    }
    response.end(encodeSafetensorsFile(sent));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/encoder.safetensors`, sent, close };
}

function halve(tensor: WeightTensor): WeightTensor {
  if (tensor.shape.length !== 4) return tensor;
  const halves = readFloats(tensor).map((value) => value / 2);
  return { ...tensor, bytes: new Uint8Array(halves.buffer) };
}
