// Names of torchvision's ResNets, whose units have the shapes of our encoder's.
import { createNameMap } from './name-map.js';

/**
 * As MONAI adapts a standard ResNet: a unit's last batch-norm becomes the first one of the next unit, that of the
 * downsampling the one after the stage.
 */
const names = createNameMap([
  { ours: 'conv0.conv.*', theirs: 'conv1.*' },
  { ours: 'conv0.bn.*', theirs: 'bn1.*' },
  ...(['conv1', 'conv2', 'conv3'] as const).map((conv) => ({
    ours: `res_blocks.d{stage}.layers.denselayer_{unit}.layers.${conv}.*`,
    theirs: `layer{stage+1}.{unit}.${conv}.*`,
  })),
  { ours: 'res_blocks.d{stage}.layers.denselayer_{unit}.layers.conv1/bn.*', theirs: 'layer{stage+1}.{unit}.bn1.*' },
  { ours: 'res_blocks.d{stage}.layers.denselayer_{unit}.layers.conv2/bn.*', theirs: 'layer{stage+1}.{unit}.bn2.*' },
  { ours: 'res_blocks.d{stage}.layers.denselayer_{unit+1}.layers.preact/bn.*', theirs: 'layer{stage+1}.{unit}.bn3.*' },
  { ours: 'res_blocks.d{stage}.shortcut.*', theirs: 'layer{stage+1}.0.downsample.0.*' },
  { ours: 'res_blocks.d{stage}.bna_block.bn.*', theirs: 'layer{stage+1}.0.downsample.1.*' },
]);

/**
 * Our name of a tensor of a bottleneck ResNet with `units` residual units in its four layers; null for what our
 * encoder has no place for: the classifier, and the last batch-norm of each layer's last unit.
 */
export function fromResnetName(name: string, units: readonly number[]): string | null {
  const [, layer, unit] = /^layer([1-4])\.(\d+)\.bn3\./.exec(name) ?? [];
  if (layer !== undefined && Number(unit) + 1 >= units[Number(layer) - 1]!) return null;
  return names.toOurs(name);
}
