// Which groups of random steps a list of transforms leaves on.
import { ConfigError } from '@hovernet/core';
import type { FoundComponent, Leads } from './target.js';

/** The random steps, as the bundle names them, by the switch in `train#augmentation` that they belong to. */
const groups: Readonly<Record<string, readonly string[]>> = {
  affine: ['RandAffined'],
  flip: ['RandFlipd'],
  blur_noise: ['RandGaussianSmoothd', 'MedianSmoothd', 'RandGaussianNoised'],
  color: ['TorchVisiond'],
};

/**
 * The switches of `train#augmentation` where `train#preprocessing_transforms` or `train#preprocessing` lists transforms: a
 * group is on where its steps are there. Throws ConfigError where only some of a group's steps are.
 */
export function leadAugmentation(components: readonly FoundComponent[]): Leads {
  const listed = components.filter(({ id }) => /^train#preprocessing(?:_transforms)?(?:#|$)/.test(id));
  if (!listed.some(({ target }) => target.name !== 'Compose')) return {};
  const names = new Set(listed.map(({ target }) => target.name));
  return Object.fromEntries(
    Object.entries(groups).map(([group, steps]) => {
      const present = steps.filter((name) => names.has(name));
      if (present.length !== 0 && present.length !== steps.length) {
        const missing = steps.filter((name) => !names.has(name)).join(' and ');
        throw new ConfigError(
          'train#preprocessing',
          `${present.join(' and ')} without ${missing} is not available: list all of them or none`,
        );
      }
      return [`train#augmentation#${group}`, present.length > 0];
    }),
  );
}
