// Which ResNet the tensors with torchvision's names are of.
import type { StoredTensor } from '@hovernet/files';

export interface ResnetIdentity {
  /** For example `ResNet-50`. */
  readonly name: string;
  /** Residual units of the four layers. */
  readonly units: readonly number[];
  /** Why it cannot be an encoder of any width or depth; null where it can. */
  readonly obstacle: string | null;
}

const bottleneckNames: Readonly<Record<string, string>> = {
  '3,4,6,3': 'ResNet-50',
  '3,4,23,3': 'ResNet-101',
  '3,8,36,3': 'ResNet-152',
};

const basicNames: Readonly<Record<string, string>> = { '2,2,2,2': 'ResNet-18', '3,4,6,3': 'ResNet-34' };

/** What a bottleneck ResNet with these numbers of units is called. */
export function nameResnet(units: readonly number[]): string {
  return bottleneckNames[units.join()] ?? `ResNet with ${units.join(', ')} units`;
}

/** Looks at numbers of units and at the convolutions of the first one. */
export function identifyResnet(tensors: ReadonlyMap<string, StoredTensor>): ResnetIdentity {
  const units = [1, 2, 3, 4].map((layer) => {
    let count = 0;
    while (tensors.has(`layer${layer}.${count}.conv1.weight`)) count++;
    return count;
  });
  const [conv1, conv2, conv3] = [1, 2, 3].map((index) => tensors.get(`layer1.0.conv${index}.weight`)?.shape);
  if (!conv3) {
    const name = basicNames[units.join()] ?? `ResNet with ${units.join(', ')} basic units`;
    return { name, units, obstacle: 'its units have two convolutions, not three' };
  }
  if (conv2 && conv2[0] !== conv2[1]) {
    return { name: 'ResNeXt', units, obstacle: 'its convolutions are grouped' };
  }
  if (conv1 && conv3[0] !== 4 * conv1[0]!) {
    return { name: 'wide ResNet', units, obstacle: 'its units do not give four times their inner channels' };
  }
  return { name: nameResnet(units), units, obstacle: null };
}
