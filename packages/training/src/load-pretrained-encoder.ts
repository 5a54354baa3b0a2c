// Encoder weights of another training, as a start for a new one.
import { ConfigError } from '@hovernet/core';
import { readFileBytes } from '@hovernet/data';
import { loadEncoder, readCheckpoint, type HoverNetConfig, type StateDict } from '@hovernet/model';
import { fetchFile } from '@hovernet/model/node';
import type { NetworkConfiguration } from '../config/configuration.js';
import { describeOrigin, warnOfReference } from '../network/report-checkpoint.js';

/** A network whose encoder comes from a file. */
export interface PretrainedEncoder {
  readonly state: StateDict;
  /** What was taken from where, in words. */
  readonly origin: string;
}

/**
 * `initial` with every encoder tensor replaced by the one of the file at `source`, a path or an address, which is
 * downloaded once: a ResNet-50 with torchvision's names, the original's pre-activation ResNet-50, or a whole HoVer-Net.
 * The file tells which it is; without `adapt_standard_resnet` the first is refused, since its units are not those of a
 * pre-activation network.
 * @throws ConfigError where that is so; FileError or DownloadError for the file; WeightsError unless the whole encoder is
 * in it.
 */
export async function loadPretrainedEncoder(
  network: Pick<NetworkConfiguration, 'adaptStandardResnet' | 'pretrainedStateDictKey'> & { readonly source: string },
  config: HoverNetConfig,
  initial: StateDict,
): Promise<PretrainedEncoder> {
  const { source, adaptStandardResnet, pretrainedStateDictKey: key } = network;
  const path = await fetchFile(source);
  const checkpoint = readCheckpoint(await readFileBytes(path), path, key === null ? {} : { key });
  const { origin, part, unused } = checkpoint;
  if (origin === 'resnet50' && !adaptStandardResnet) {
    const problem = `expected True for ${path}, ${describeOrigin(origin)}, got False`;
    throw new ConfigError('network_def#adapt_standard_resnet', problem);
  }
  const { state, coverage } = loadEncoder(checkpoint, config, initial);
  const warning = warnOfReference(origin, config);
  const parts = [
    `${coverage.loaded} of ${coverage.total} tensors of ${path} (${describeOrigin(origin)}), the rest random`,
    ...(part === 'network' ? ['its decoders are not used'] : []),
    ...(unused.length > 0 ? [`unused tensors: ${unused.length}`] : []),
    ...(warning === null ? [] : [warning]),
  ];
  return { state, origin: parts.join('; ') };
}
