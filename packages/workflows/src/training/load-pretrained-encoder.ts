// Encoder weights of another training, as a start for a new one.
import { UnsupportedError, WeightsError } from '@hovernet/core';
import { readFileBytes } from '@hovernet/data';
import { decodeSafetensors, loadStateDict, type HoverNetConfig, type StateDict } from '@hovernet/model';

/** What is taken: the stem and the four residual stages; decoders start from random weights. */
const ENCODER = /^(conv0|res_blocks)\./;

/**
 * `initial` with every encoder tensor replaced by the one of the .safetensors file at `path`.
 * @throws UnsupportedError for other formats and for addresses; WeightsError unless the whole encoder is in the file.
 */
export async function loadPretrainedEncoder(
  path: string,
  config: HoverNetConfig,
  initial: StateDict,
): Promise<{ readonly state: StateDict; readonly taken: number }> {
  if (/^\w+:\/\//.test(path) || !path.endsWith('.safetensors')) {
    throw new UnsupportedError(
      `network_def#pretrained_url: expected the path of a .safetensors file, got ${path}; download it or convert it first`,
    );
  }
  const { tensors } = decodeSafetensors(await readFileBytes(path), path);
  const encoder = new Map([...tensors].filter(([name]) => ENCODER.test(name)));
  const { state, coverage } = loadStateDict(config, encoder, { strict: false, initial });
  const wanted = [...initial.keys()].filter((name) => ENCODER.test(name) && !name.endsWith('num_batches_tracked'));
  const lacking = wanted.filter(
    (name) => coverage.missing.includes(name) || coverage.mismatched.some((tensor) => tensor.name === name),
  );
  if (lacking.length > 0) {
    throw new WeightsError(
      `${path}: expected all ${wanted.length} tensors of the encoder, got ${wanted.length - lacking.length} that fit ` +
        `(lacking ${lacking.slice(0, 3).join(', ')}); give weights of the same preset and width`,
    );
  }
  return { state, taken: coverage.loaded };
}
